import { systemClock } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import { withClient } from "@tasker-observability/testkit";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { installPgmq } from "@tasker-observability/pgmq/install";
import { createWorkerBench, eventually, type WorkerBench } from "../testing/test-worker.js";
import type { DeadLetterNotes } from "./dead-letter.js";
import { formsOf } from "./dead-letter.js";
import {
  createOutcomeQueues,
  type EventRow,
  type OutcomeRow,
  type OutcomeTarget,
} from "./outcome-queues.js";
import { type ClaimedMessage, textOfKey } from "../queues/step-message.js";
import { createStepQueues, queuesOf } from "../queues/step-queues.js";
import { createStepTransactions } from "../queues/step-transactions.js";

let bench: WorkerBench;
beforeAll(async () => (bench = await createWorkerBench()));
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await bench.query(
    "select pgmq.create(name) from unnest(array['payments_queue', 'payments_dead_letter', 'payments_domain_events']) as name",
  );
});

const queue = "payments_queue";
const queues = queuesOf("payments");
const archive: OutcomeTarget = { kind: "archive", queues };
const retry: OutcomeTarget = { kind: "retry", queues };
const deadLetter: OutcomeTarget = { kind: "dead_letter", queues };
const notes: DeadLetterNotes = {
  reason: { code: "step_failed", message: "no" },
  queue_name: queue,
  msg_id: "1",
  attempts: 1,
  worker_id: "w",
  dead_lettered_at: "2025-01-01T00:00:00.000Z",
};

function openQueues(url = bench.database.url) {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const transactions = createStepTransactions({
    client: fromPgPool(pool),
    clock: systemClock,
    statementTimeoutMs: 10_000,
    closing: new AbortController().signal,
  });
  const lines: string[] = [];
  return {
    ...createStepQueues({
      transactions,
      visibilityTimeoutSeconds: 3_600,
      sendLockTimeoutMs: 10_000,
    }),
    ...createOutcomeQueues({
      transactions,
      breaker: { execute: (call) => call() },
      logger: (_level, message) => lines.push(message),
    }),
    lines,
  };
}

/** Sends messages and claims them. */
async function claimNew(
  test: ReturnType<typeof openQueues>,
  ...messages: readonly unknown[]
): Promise<readonly ClaimedMessage[]> {
  await test.send(queue, messages);
  const claims = await test.claim(queue, messages.length);
  return [...claims].sort((one, other) => Number(one.messageId) - Number(other.messageId));
}

const retried = (fence: ClaimedMessage, given_back = 0): OutcomeRow => ({
  fence,
  delay_ms: 0,
  given_back,
});
const buried = (fence: ClaimedMessage): OutcomeRow => ({ fence, notes });
const rows = (): Promise<unknown[]> =>
  bench.query(
    "select read_ct, vt > now() + interval '30 minutes' as hidden from pgmq.q_payments_queue",
  );
const archivedIds = async (): Promise<unknown[]> =>
  (
    await bench.query<{ msg_id: string }>(
      "select msg_id from pgmq.a_payments_queue order by archived_at, abs(msg_id), msg_id desc",
    )
  ).map(({ msg_id }) => Number(msg_id));

describe("outcomes are written while the claim is ours, and not afterwards:", () => {
  const targets = [
    ["a completion", archive, (fence: ClaimedMessage): OutcomeRow => ({ fence })],
    ["a retry", retry, (fence: ClaimedMessage) => retried(fence, 1)],
    ["a dead letter", deadLetter, buried],
  ] as const;

  it.each(targets)(
    "%s of a message that another worker has claimed since",
    async (_what, target, rowOf) => {
      const test = openQueues();
      const [claim, other] = await claimNew(test, { n: 1 }, { n: 2 });
      await bench.query("update pgmq.q_payments_queue set vt = now() where msg_id = 1");
      await test.claim(queue, 1);
      const written = await test.write(target, [rowOf(claim!), rowOf(other!)]);
      expect(written).toEqual(new Set([textOfKey(other!)]));
      expect(await test.writeAlone(target, [rowOf(claim!)])).toMatchObject({ isWritten: false });
      expect(
        await bench.query("select read_ct, message from pgmq.q_payments_queue where msg_id = 1"),
      ).toEqual([{ read_ct: 2, message: { n: 1 } }]);
      expect((await bench.deadLetters()).map(({ message }) => message)).toEqual(
        target.kind === "dead_letter" ? [{ n: 2 }] : [],
      );
    },
  );

  it.each(targets)(
    "%s of a message whose number another has, since the queue was made anew",
    async (_what, target, rowOf) => {
      const test = openQueues();
      const [old] = await claimNew(test, { n: "old" });
      await bench.query("select pgmq.drop_queue('payments_queue'), pgmq.create('payments_queue')");
      const [young] = await claimNew(test, { n: "new" });
      expect(young).toMatchObject({ messageId: old!.messageId, readCount: old!.readCount });
      expect(await test.write(target, [rowOf(old!)])).toEqual(new Set());
      expect([
        await rows(),
        await bench.count("a_payments_queue"),
        await bench.count("q_payments_dead_letter"),
      ]).toEqual([[{ read_ct: 1, hidden: true }], 0, 0]);
    },
  );

  it("waits for a claim that is under way, and then leaves the message to it", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await bench.query("update pgmq.q_payments_queue set vt = now()");
    const writing = await withClient(bench.database.url, async (client) => {
      await client.query("begin; select pgmq.read('payments_queue', 3600, 1)");
      const outcome = test.write(deadLetter, [buried(claim!)]).catch((error: unknown) => error);
      await eventually("the write that waits", async () => {
        const waiting =
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        return (await bench.query(waiting)).length > 0;
      });
      await client.query("commit");
      return outcome;
    });
    expect(writing).toEqual(new Set());
    expect([await rows(), await bench.deadLetters()]).toEqual([[{ read_ct: 2, hidden: true }], []]);
  });
});

it("an attempt that was none is given back, and one that ran counts", async () => {
  const test = openQueues();
  await test.send(queue, [{ n: 1 }]);
  for (const [givenBack, read_ct] of [
    [1, 0],
    [0, 1],
  ] as const) {
    const [claim] = await test.claim(queue, 1);
    await test.write(retry, [retried(claim!, givenBack)]);
    expect(await rows()).toEqual([{ read_ct, hidden: false }]);
  }
});

it("a message that is given up twice leaves one letter, with the message as it was", async () => {
  const test = openQueues();
  await bench.query("select pgmq.send('payments_queue', '{\"n\": 12345678901234567890.10}')");
  const [claim] = await test.claim(queue, 1);
  for (let time = 0; time < 2; time += 1) await test.write(deadLetter, [buried(claim!)]);
  expect(
    await bench.query("select message->>'message' as kept from pgmq.q_payments_dead_letter"),
  ).toEqual([{ kept: '{"n": 12345678901234567890.10}' }]);
  expect(await bench.count("a_payments_queue")).toBe(1);
});

describe("a queue that gives out ids which its archive has", () => {
  /** As after a crash of an unlogged queue, a restore, or a queue that was made anew beside its archive. */
  const countAnew = (): Promise<unknown> =>
    bench.query("alter table pgmq.q_payments_queue alter msg_id restart with 1");

  it.each([
    ["completions", archive, (fence: ClaimedMessage): OutcomeRow => ({ fence }), 0],
    ["dead letters", deadLetter, buried, 4],
  ] as const)(
    "has its %s archived all the same, and nothing is lost",
    async (_what, target, rowOf, letters) => {
      const test = openQueues();
      const first = await claimNew(test, { n: "a" }, { n: "b" });
      await test.write(
        archive,
        first.map((fence) => ({ fence })),
      );
      for (const messages of [
        ["c", "d"],
        ["e", "f"],
      ]) {
        await countAnew();
        const claims = await claimNew(test, ...messages.map((n) => ({ n })));
        expect(await test.write(target, claims.map(rowOf))).toEqual(new Set(claims.map(textOfKey)));
      }
      expect(await archivedIds()).toEqual([1, 2, -1, -2, -3, -4]);
      expect(
        await bench.query(
          "select count(distinct message)::int as messages, bool_and(read_ct = 1) as read from pgmq.a_payments_queue",
        ),
      ).toEqual([{ messages: 6, read: true }]);
      expect([await rows(), await bench.count("q_payments_dead_letter")]).toEqual([[], letters]);
    },
  );

  it("keeps the ids that are free, and only those of messages that are ours", async () => {
    const test = openQueues();
    await test.write(archive, [{ fence: (await claimNew(test, { n: "a" }))[0]! }]);
    await countAnew();
    const [taken, free, lost] = await claimNew(test, { n: "b" }, { n: "c" }, { n: "d" });
    await bench.query("update pgmq.q_payments_queue set read_ct = 2 where msg_id = 3");
    await test.write(archive, [{ fence: taken! }, { fence: free! }, { fence: lost! }]);
    expect([await archivedIds(), await bench.count("q_payments_queue")]).toEqual([[1, -1, 2], 1]);
  });

  it("that is the dead letters' counts on from its newest", async () => {
    const test = openQueues();
    for (const restart of [false, true, false]) {
      if (restart)
        await bench.query("alter table pgmq.q_payments_dead_letter alter msg_id restart with 1");
      const claims = await claimNew(test, { n: 1 }, { n: 2 });
      await test.write(deadLetter, claims.map(buried));
    }
    expect(await bench.count("q_payments_dead_letter")).toBe(6);
  });
});

describe("a trigger that returns NULL loses nothing:", () => {
  const swallow = (table: string, condition = "true", event = "insert"): Promise<unknown> =>
    bench.query(
      `create or replace function pgmq.swallow() returns trigger language plpgsql as $$ begin return null; end $$; create trigger swallow before ${event} on pgmq.${table} for each row when (${condition}) execute function pgmq.swallow()`,
    );
  const events = [{ queueName: "payments_domain_events", text: '"a"' }];
  const rowsOf = {
    archive: (fence: ClaimedMessage): OutcomeRow => ({ fence }),
    retry: (fence: ClaimedMessage) => retried(fence),
    deadLetter: buried,
    withEvent: (fence: ClaimedMessage): OutcomeRow => ({ fence, events }),
  };

  it.each([
    ["a completion", archive, rowsOf.archive, "a_payments_queue", "insert"],
    ["a completion", archive, rowsOf.archive, "q_payments_queue", "delete"],
    ["a retry", retry, rowsOf.retry, "q_payments_queue", "update"],
    ["a dead letter", deadLetter, rowsOf.deadLetter, "a_payments_queue", "insert"],
    ["a dead letter", deadLetter, rowsOf.deadLetter, "q_payments_dead_letter", "insert"],
    ["an event", archive, rowsOf.withEvent, "q_payments_domain_events", "insert"],
  ] as const)("%s", async (_what, target, rowOf, table, event) => {
    const test = openQueues();
    const claims = await claimNew(test, { n: 1 }, { n: 2 });
    await swallow(table, "true", event);
    const refused = { code: "09000", name: "NotStoredError" };
    await expect(test.write(target, claims.map(rowOf))).rejects.toMatchObject(refused);
    await expect(test.writeAlone(target, [rowOf(claims[0]!)])).rejects.toMatchObject(refused);
    expect(await rows()).toEqual(Array(2).fill({ read_ct: 1, hidden: true }));
    for (const kept of ["a_payments_queue", "q_payments_dead_letter", "q_payments_domain_events"])
      expect(await bench.count(kept)).toBe(0);
    await bench.query("drop function pgmq.swallow cascade");
    expect(await test.write(target, claims.map(rowOf))).toEqual(new Set(claims.map(textOfKey)));
  });

  it("one of two events, and a message whose id the archive has", async () => {
    const test = openQueues();
    await test.write(archive, [{ fence: (await claimNew(test, { n: "old" }))[0]! }]);
    await bench.query("alter table pgmq.q_payments_queue alter msg_id restart with 1");
    const [claim] = await claimNew(test, { n: "new" });
    const fence = claim!;
    await swallow("a_payments_queue", "new.msg_id < 0");
    await expect(test.write(archive, [{ fence }])).rejects.toMatchObject({ code: "09000" });
    await bench.query("drop function pgmq.swallow cascade");
    await swallow("q_payments_domain_events", "new.message = '\"b\"'");
    const two = [...events, { ...events[0]!, text: '"b"' }];
    await expect(test.write(archive, [{ fence, events: two }])).rejects.toMatchObject({
      code: "09000",
    });
    expect([await archivedIds(), await bench.count("q_payments_domain_events")]).toEqual([[1], 0]);
  });
});

describe("a table that is missing", () => {
  it("is created where it is the dead letters', and that is told", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await bench.query("select pgmq.drop_queue('payments_dead_letter')");
    await test.write(deadLetter, [buried(claim!)]);
    expect([await bench.count("q_payments_dead_letter"), test.lines]).toEqual([
      1,
      ["a queue was missing and has been created"],
    ]);
  });

  it("is told where it is the archive, and the messages stay", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await bench.query("drop table pgmq.a_payments_queue");
    await expect(test.write(archive, [{ fence: claim! }])).rejects.toMatchObject({ code: "42P01" });
    await expect(test.write(deadLetter, [buried(claim!)])).rejects.toMatchObject({ code: "42P01" });
    expect([await rows(), await bench.count("q_payments_dead_letter")]).toEqual([
      [{ read_ct: 1, hidden: true }],
      0,
    ]);
  });
});

describe("a reason that the database cannot hold", () => {
  it.each([
    [
      "LATIN1",
      "“déclinée” – 拒绝 €",
      "\\u{201c}d\\u{e9}clin\\u{e9}e\\u{201d} \\u{2013} \\u{62d2}\\u{7edd} \\u{20ac}",
    ],
    ["LATIN1", "déclinée", "déclinée"],
    ["SQL_ASCII", "“déclinée” 😀", "“déclinée” 😀"],
    ["WIN1251", "Привет 拒", "\\u{41f}\\u{440}\\u{438}\\u{432}\\u{435}\\u{442} \\u{62d2}"],
  ])("of %s, is written in a form that it can: %s", async (encoding, message, kept) => {
    const name = `encoded_${crypto.randomUUID().slice(0, 8)}`;
    await bench.query(
      `create database ${name} encoding '${encoding}' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    onTestFinished(() => void bench.query(`drop database ${name} with (force)`));
    const url = Object.assign(new URL(bench.database.url), { pathname: name }).href;
    await withClient(url, async (client) => {
      await installPgmq(client);
      await client.query(
        "select pgmq.create('payments_queue'), pgmq.create('payments_dead_letter')",
      );
    });
    const test = openQueues(url);
    const [claim] = await claimNew(test, { n: 1 });
    const forms = formsOf({ ...notes, reason: { code: "c", message } });
    const { isWritten } = await test.writeAlone(
      deadLetter,
      forms.map((form) => ({ fence: claim!, notes: form })),
    );
    const { rows: letters } = await withClient(url, (client) =>
      client.query("select message#>>'{reason,message}' as kept from pgmq.q_payments_dead_letter"),
    );
    expect([isWritten, letters]).toEqual([true, [{ kept }]]);
  });
});

describe("the events of an outcome", () => {
  const eventOf = (text: string, queueName = "payments_domain_events"): EventRow => ({
    queueName,
    text,
  });
  const published = async (): Promise<unknown[]> =>
    (
      await bench.query<{ message: unknown }>(
        "select message from pgmq.q_payments_domain_events order by message::text",
      )
    ).map(({ message }) => message);

  it.each([
    [
      "a completion",
      archive,
      (fence: ClaimedMessage): OutcomeRow => ({ fence }),
      "a_payments_queue",
    ],
    ["a retry", retry, (fence: ClaimedMessage) => retried(fence), "q_payments_queue"],
    ["a dead letter", deadLetter, buried, "q_payments_dead_letter"],
  ] as const)(
    "are written in the transaction of %s, and not where it is not ours",
    async (_what, target, rowOf, table) => {
      const test = openQueues();
      const [one, two, lost] = await claimNew(test, { n: 1 }, { n: 2 }, { n: 3 });
      await bench.query("update pgmq.q_payments_queue set read_ct = 2 where msg_id = 3");
      await test.write(target, [
        { ...rowOf(one!), events: [eventOf('"a"'), eventOf('"b"')] },
        { ...rowOf(two!), events: [eventOf('"c"')] },
        { ...rowOf(lost!), events: [eventOf('"d"')] },
      ]);
      expect(await published()).toEqual(["a", "b", "c"]);
      const [transactions] = await bench.query(
        `select count(distinct xmin)::int as n from (select xmin::text from pgmq.${table} where msg_id < 3 union all select xmin::text from pgmq.q_payments_domain_events) as written`,
      );
      expect(transactions).toEqual({ n: 1 });
    },
  );

  it.each([
    ["NUL", '"\\u0000"'],
    ["half a pair", '"\\ud800"'],
    ["no JSON", "{"],
    ["too deep", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["a number too large", "1e999999"],
  ])("are refused alone where the database can never hold one: %s", async (_what, text) => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    const bad = eventOf(text);
    const row = { fence: claim!, events: [eventOf('"a"'), bad, eventOf('"b"')] };
    await expect(test.write(archive, [row])).rejects.toThrow();
    const { isWritten, refusedEvents } = await test.writeAlone(archive, [row]);
    expect([isWritten, [...refusedEvents.keys()]]).toEqual([true, [bad]]);
    expect([await published(), await archivedIds()]).toEqual([["a", "b"], [1]]);
  });

  it.each(["write", "writeAlone"] as const)("keep their headers: %s", async (how) => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    const headers = { traceparent: "00-1" };
    const events = [{ ...eventOf('"a"'), headers }, eventOf('"b"')];
    await test[how](archive, [{ fence: claim!, events, has_headers: true }]);
    expect(
      await bench.query("select headers from pgmq.q_payments_domain_events order by message::text"),
    ).toEqual([{ headers }, { headers: null }]);
  });

  it("hold their outcome up where somebody can mend what refuses them", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await bench.query(
      "alter table pgmq.q_payments_domain_events add constraint small check (message::text <> '\"b\"')",
    );
    const row = { fence: claim!, events: [eventOf('"a"'), eventOf('"b"')] };
    await expect(test.writeAlone(archive, [row])).rejects.toMatchObject({ code: "23514" });
    expect([await published(), await archivedIds(), await bench.count("q_payments_queue")]).toEqual(
      [[], [], 1],
    );
  });

  it.each(["22012", "22P02", "22021", "22P05", "54000"])(
    "hold their outcome up where a trigger raises what encoding raises: %s",
    async (code) => {
      const test = openQueues();
      const [claim] = await claimNew(test, { n: 1 });
      await bench.query(
        `create or replace function pgmq.refuse() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '${code}'; end $$; create trigger refuse before insert on pgmq.q_payments_domain_events for each row execute function pgmq.refuse()`,
      );
      const row = { fence: claim!, events: [{ ...eventOf('"a"'), headers: { a: "b" } }] };
      await expect(test.writeAlone(archive, [row])).rejects.toMatchObject({ code });
      const bad = eventOf("{");
      const { refusedEvents } = await test.writeAlone(archive, [{ ...row, events: [bad] }]);
      expect([[...refusedEvents.keys()], await archivedIds()]).toEqual([[bad], [1]]);
    },
  );

  it("have their queue created where it is missing, that of another namespace too", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await bench.query("select pgmq.drop_queue('payments_domain_events')");
    const events = [eventOf('"a"'), eventOf('"b"', "orders_domain_events")];
    await test.write(archive, [{ fence: claim!, events }]);
    expect([await published(), await bench.count("q_orders_domain_events")]).toEqual([["a"], 1]);
    expect(test.lines).toHaveLength(2);
  });

  it("count on from the newest where their queue gives out ids that it has", async () => {
    const test = openQueues();
    for (const text of ['"a"', '"b"']) {
      const [claim] = await claimNew(test, { n: 1 });
      await test.write(retry, [{ ...retried(claim!), events: [eventOf(text)] }]);
      await bench.query("truncate pgmq.q_payments_queue");
      await bench.query("alter table pgmq.q_payments_domain_events alter msg_id restart with 1");
    }
    expect(await published()).toEqual(["a", "b"]);
  });
});

it("what an earlier call wrote is found by its claim, and nothing else is", async () => {
  const test = openQueues();
  const [done, dead, open, other] = await claimNew(test, { n: 1 }, { n: 2 }, { n: 3 }, { n: 4 });
  await test.write(archive, [{ fence: done! }]);
  await test.write(deadLetter, [buried(dead!)]);
  await bench.query("update pgmq.q_payments_queue set read_ct = 2 where msg_id = 4");
  await bench.query("select pgmq.archive('payments_queue', 4)");
  const rows = [done!, dead!, open!, other!].map((fence) => ({ fence }));
  expect(await test.findWritten(archive, rows)).toEqual(new Set([done!, dead!].map(textOfKey)));
  expect(await test.findWritten(retry, rows)).toEqual(new Set());
});

it("queues whose names begin or end like a statement's variant share no statement", async () => {
  const test = openQueues();
  for (const namespace of ["commerce", "e_commerce", "h_commerce", "e_h_commerce"]) {
    await bench.query("select pgmq.create($1), pgmq.create($2)", [
      queuesOf(namespace).steps,
      queuesOf(namespace).domainEvents,
    ]);
    await test.send(queuesOf(namespace).steps, [{ n: 1 }, { n: 2 }]);
  }
  const event = { queueName: queuesOf("commerce").domainEvents, text: "{}" };
  for (const namespace of ["commerce", "e_commerce", "h_commerce", "e_h_commerce"])
    for (const events of [[], [event]]) {
      const queues = queuesOf(namespace);
      const [claim] = await test.claim(queues.steps, 1);
      const written = await test.write({ kind: "archive", queues }, [{ fence: claim!, events }]);
      expect(written).toEqual(new Set([textOfKey(claim!)]));
    }
});
