import { startTcpProxy, withClient } from "@tasker-observability/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { OutputError } from "../console/outputs.js";
import {
  createWorkerBench,
  eventually,
  testConfig,
  type WorkerBench,
} from "../testing/test-worker.js";
import { runDeadLetters } from "./run-dead-letters.js";

let bench: WorkerBench;
beforeAll(async () => (bench = await createWorkerBench()));
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query("select pgmq.drop_queue(queue_name) from pgmq.list_queues()");
  await bench.query(
    "select pgmq.create(name) from unnest(array['payments_queue', 'payments_dead_letter']) as name",
  );
});

async function addDeadLetter(count: number, bytes = 1): Promise<void> {
  await bench.query(
    "select pgmq.send('payments_dead_letter', jsonb_build_object('message', jsonb_build_object('n', n, 'input', repeat('x', $2::int)))) from generate_series(1, $1::int) as n",
    [count, bytes],
  );
}

/** What the command printed, and the error that it ended with, if any. */
async function settle(
  action: "retry" | "purge",
  {
    options = [] as string[],
    url = bench.database.url,
    outputFailure = null as string | null,
  } = {},
): Promise<{ readonly lines: string[]; readonly error: string | null }> {
  const lines: string[] = [];
  const print = (line: string): Promise<void> =>
    outputFailure === null
      ? Promise.resolve(void lines.push(line))
      : Promise.reject(new OutputError(Object.assign(new Error("write"), { code: outputFailure })));
  const output = { print, note: () => Promise.resolve() };
  const chosen = options.length === 0 ? ["--all"] : options;
  const error = await runDeadLetters([action, "--namespace", "payments", ...chosen], output, () =>
    testConfig({ url, templates: bench.templates }),
  ).then(() => null, String);
  return { lines, error: error?.replace("WorkerStartError: ", "") ?? null };
}

/** Has the database do something for each letter that is archived, at once or as it commits. */
async function onArchive(body: string, isDeferred = false): Promise<void> {
  await bench.query(
    `create or replace function on_archive() returns trigger language plpgsql as $$ begin ${body}; return null; end $$`,
  );
  await bench.query(
    `create constraint trigger on_archive after insert on pgmq.a_payments_dead_letter deferrable initially ${isDeferred ? "deferred" : "immediate"} for each row execute function on_archive()`,
  );
}

/** Runs `act` while whoever takes lock 1 waits for it. */
async function whileLocked(act: () => Promise<void>): Promise<void> {
  await withClient(bench.database.url, async (client) => {
    await client.query("select pg_advisory_lock(1)");
    await act();
  });
}

/** The command waits for lock 1. */
const untilItWaits = (): Promise<true> =>
  eventually(
    "a command that waits",
    async () =>
      (
        await bench.query(
          "select from pg_stat_activity where application_name = 'tasker-dead-letters' and datname = current_database() and wait_event = 'advisory'",
        )
      ).length === 1,
  );

const left = async (): Promise<number[]> => [
  await bench.count("q_payments_dead_letter"),
  await bench.count("q_payments_queue"),
];

describe("dead-letters retry", () => {
  it.each(["a_payments_dead_letter", "q_payments_queue"])(
    "loses nothing to a trigger that returns NULL on %s",
    async (table) => {
      await addDeadLetter(3);
      await bench.query(
        `create or replace function pgmq.swallow() returns trigger language plpgsql as $$ begin return null; end $$; create trigger swallow before insert on pgmq.${table} for each row when (new.msg_id = 2) execute function pgmq.swallow()`,
      );
      expect(await settle("retry")).toEqual({
        lines: [],
        error:
          "The database refused: triggered_action_exception (SQLSTATE 09000). Nothing was changed.",
      });
      expect(await left()).toEqual([3, 0]);
    },
  );

  it("keeps neither producers nor another operator waiting while it is under way", async () => {
    await addDeadLetter(3);
    await bench.query("select pgmq.enable_notify_insert('payments_queue', 0)");
    await onArchive("if new.msg_id = 2 then perform pg_advisory_xact_lock(1); end if");
    let retried: ReturnType<typeof settle> | undefined;
    await whileLocked(async () => {
      retried = settle("retry", { options: ["--id", "1", "--id", "2"] });
      await untilItWaits();
      await withClient(bench.database.url, (client) =>
        client.query("set lock_timeout = '2s'; select pgmq.send('payments_queue', '{}')"),
      );
      expect(await settle("retry", { options: ["--id", "3"] })).toEqual({
        lines: ["1 dead letter of payments retried"],
        error: null,
      });
    });
    expect(await retried).toEqual({ lines: ["2 dead letters of payments retried"], error: null });
  });

  it("commits in portions: what was retried before a failure stays retried, and is said", async () => {
    await addDeadLetter(250);
    await onArchive("if new.msg_id = 150 then raise 'no'; end if");
    expect(await settle("retry")).toEqual({
      lines: ["100 dead letters of payments retried"],
      error:
        "The database refused: raised_exception (SQLSTATE P0001). The rest was not retried. 100 were retried before and stay so.",
    });
    expect(await left()).toEqual([150, 100]);
  });

  it("takes no more than it is asked for, over its portions", async () => {
    await addDeadLetter(250);
    expect(await settle("retry", { options: ["--all", "--limit", "120"] })).toEqual({
      lines: ["120 dead letters of payments retried"],
      error: null,
    });
    expect(
      await bench.query("select min(msg_id)::int as first from pgmq.q_payments_dead_letter"),
    ).toEqual([{ first: 121 }]);
  });

  it("leaves alone the letters that come while it is under way: a step that fails again at once is not retried for ever", async () => {
    await addDeadLetter(2);
    await onArchive("perform pgmq.send('payments_dead_letter', new.message)");
    expect((await settle("retry")).lines).toEqual(["2 dead letters of payments retried"]);
    expect(await left()).toEqual([2, 2]);
  });

  it("sends no more than some MB at once: the database takes no more than 1 GB", async () => {
    await addDeadLetter(3, 2_500_000);
    expect((await settle("retry")).lines).toEqual(["3 dead letters of payments retried"]);
    const sent = await bench.query(
      "select (message->'n')::int as n, dense_rank() over (order by xmin::text::bigint)::int as portion from pgmq.q_payments_queue order by msg_id",
    );
    expect(sent).toEqual([
      { n: 1, portion: 1 },
      { n: 2, portion: 1 },
      { n: 3, portion: 2 },
    ]);
  });
});

describe.each(["retry", "purge"] as const)("dead-letters %s", (action) => {
  const done = action === "retry" ? "retried" : "purged";

  it("settles more than one portion", async () => {
    await addDeadLetter(250);
    expect(await settle(action)).toEqual({
      lines: [`250 dead letters of payments ${done}`],
      error: null,
    });
    expect(await left()).toEqual([0, action === "retry" ? 250 : 0]);
  });

  it("names the ids that are not there, and settles the others", async () => {
    await addDeadLetter(2);
    const options = ["--id", "9", "--id", "2", "--id", "7", "--id", "7"];
    const error = "Not among the dead letters of payments: 7, 9.";
    expect(await settle(action, { options: [...options, "--dry-run"] })).toEqual({
      lines: [expect.stringMatching(/^payments 2 /), `1 dead letter of payments would be ${done}`],
      error,
    });
    expect(await settle(action, { options: [...options, "--limit", "1"] })).toEqual({
      lines: [`1 dead letter of payments ${done}`],
      error,
    });
    const ofOtherCode = {
      lines: [`0 dead letters of payments ${done}`],
      error: "Not among the dead letters of payments with this code: 1.",
    };
    expect(await settle(action, { options: ["--id", "1", "--code", "step_failed"] })).toEqual(
      ofOtherCode,
    );
  });

  it.each([
    ["EPIPE", null],
    ["ENOSPC", `The output could not be written: ENOSPC. 1 dead letter of payments ${done}.`],
  ])(
    "has done it though its line meets %s, and says so where that is no reader's wish",
    async (outputFailure, error) => {
      await addDeadLetter(1);
      expect(await settle(action, { outputFailure })).toEqual({ lines: [], error });
      expect((await settle(action, { options: ["--id", "1"], outputFailure: "EPIPE" })).error).toBe(
        "Not among the dead letters of payments: 1.",
      );
      expect(await left()).toEqual([0, action === "retry" ? 1 : 0]);
    },
  );

  it("says that the database refused, and why", async () => {
    await addDeadLetter(1);
    const asReader = await settle(action, {
      url: `${bench.database.url}?options=-c%20role%3Dpg_read_all_data`,
    });
    expect(asReader).toEqual({
      lines: [],
      error: "The database refused: permission_denied (SQLSTATE 42501). Nothing was changed.",
    });
    const readOnly = await settle(action, {
      url: `${bench.database.url}?options=-c%20default_transaction_read_only%3Don`,
    });
    expect(readOnly).toEqual({
      lines: [],
      error: "The database refused: read_only (SQLSTATE 25006). Nothing was changed.",
    });
  });
});

describe("dead-letters retry, where its commit fails,", () => {
  it("has not said that it is done", async () => {
    await addDeadLetter(2);
    await onArchive("raise 'no'", true);
    expect(await settle("retry")).toEqual({
      lines: [],
      error: "The database refused: raised_exception (SQLSTATE P0001). Nothing was changed.",
    });
    expect(await left()).toEqual([2, 0]);
  });

  it("says that it is not known what holds where the database went away meanwhile", async () => {
    await addDeadLetter(2);
    await onArchive("perform pg_advisory_xact_lock(1)", true);
    const { hostname, port } = new URL(bench.database.url);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    onTestFinished(() => proxy.close());
    await whileLocked(async () => {
      const retried = settle("retry", { url: proxy.url(bench.database.url) });
      await untilItWaits();
      await proxy.cut();
      expect(await retried).toEqual({
        lines: [],
        error: expect.stringMatching(
          /^The database was lost as it committed: connection_\w+\. Whether the last ones were retried is not known: list them\.$/,
        ) as string,
      });
    });
    await eventually("the commit", async () => (await bench.count("q_payments_queue")) === 2);
  });
});
