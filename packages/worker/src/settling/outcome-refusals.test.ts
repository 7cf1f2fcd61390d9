import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { type ClaimedMessage, formatMessageKey } from "../queues/step-message.js";
import { createEncodedDatabase } from "../testing/encoded-database.js";
import {
  completion,
  archivedIds,
  deadLettered,
  claimNew,
  completed,
  count,
  databaseUrl,
  deadLetter,
  metadata,
  openQueues,
  query,
  retried,
  retry,
  rows,
  usePaymentsQueues,
} from "../testing/test-outcome-queues.js";
import { metadataCandidates } from "./dead-letter.js";
import { type OutcomeRow } from "./outcome-store.js";

usePaymentsQueues();

describe("a trigger that returns NULL loses nothing:", () => {
  const swallow = (table: string, condition = "true", event = "insert"): Promise<unknown> =>
    query(
      `create or replace function pgmq.swallow() returns trigger language plpgsql as $$ begin return null; end $$; create trigger swallow before ${event} on pgmq.${table} for each row when (${condition}) execute function pgmq.swallow()`,
    );
  const events = [{ queueName: "payments_domain_events", text: '"a"' }];
  const rowsOf = {
    completion: completed,
    retry: retried,
    deadLetter: deadLettered,
    withEvent: (fence: ClaimedMessage): OutcomeRow => ({ fence, events }),
  };

  it.each([
    ["a completion", completion, rowsOf.completion, "a_payments_queue", "insert"],
    ["a completion", completion, rowsOf.completion, "q_payments_queue", "delete"],
    ["a retry", retry, rowsOf.retry, "q_payments_queue", "update"],
    ["a dead letter", deadLetter, rowsOf.deadLetter, "a_payments_queue", "insert"],
    ["a dead letter", deadLetter, rowsOf.deadLetter, "q_payments_dead_letter", "insert"],
    ["an event", completion, rowsOf.withEvent, "q_payments_domain_events", "insert"],
  ] as const)("%s", async (_what, target, rowOf, table, event) => {
    const test = openQueues();
    const claims = await claimNew(test, { n: 1 }, { n: 2 });
    await swallow(table, "true", event);
    const refused = { code: "09000", name: "NotStoredError" };
    await expect(test.write(target, claims.map(rowOf))).rejects.toMatchObject(refused);
    await expect(test.writeOne(target, [rowOf(claims[0]!)])).rejects.toMatchObject(refused);
    expect(await rows()).toEqual(Array(2).fill({ read_ct: 1, hidden: true }));
    for (const kept of ["a_payments_queue", "q_payments_dead_letter", "q_payments_domain_events"])
      expect(await count(kept)).toBe(0);
    await query("drop function pgmq.swallow cascade");
    expect(await test.write(target, claims.map(rowOf))).toEqual(
      new Set(claims.map(formatMessageKey)),
    );
  });

  it("one of two events, and a message whose id the archive has", async () => {
    const test = openQueues();
    await test.write(completion, [{ fence: (await claimNew(test, { n: "old" }))[0]! }]);
    await query("alter table pgmq.q_payments_queue alter msg_id restart with 1");
    const [claim] = await claimNew(test, { n: "new" });
    const fence = claim!;
    await swallow("a_payments_queue", "new.msg_id < 0");
    await expect(test.write(completion, [{ fence }])).rejects.toMatchObject({ code: "09000" });
    await query("drop function pgmq.swallow cascade");
    await swallow("q_payments_domain_events", "new.message = '\"b\"'");
    const two = [...events, { ...events[0]!, text: '"b"' }];
    await expect(test.write(completion, [{ fence, events: two }])).rejects.toMatchObject({
      code: "09000",
    });
    expect([await archivedIds(), await count("q_payments_domain_events")]).toEqual([[1], 0]);
  });
});

describe("a table that is missing", () => {
  it("is created if it is the dead-letter queue, and the log says so", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await query("select pgmq.drop_queue('payments_dead_letter')");
    await test.write(deadLetter, [deadLettered(claim!)]);
    expect([await count("q_payments_dead_letter"), test.lines]).toEqual([
      1,
      ["a queue was missing and has been created"],
    ]);
  });

  it("is logged if it is the archive, and the messages stay", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await query("drop table pgmq.a_payments_queue");
    await expect(test.write(completion, [{ fence: claim! }])).rejects.toMatchObject({
      code: "42P01",
    });
    await expect(test.write(deadLetter, [deadLettered(claim!)])).rejects.toMatchObject({
      code: "42P01",
    });
    expect([await rows(), await count("q_payments_dead_letter")]).toEqual([
      [{ read_ct: 1, hidden: true }],
      0,
    ]);
  });
});

describe("a reason that the database cannot store", () => {
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
    const url = await createEncodedDatabase(databaseUrl(), encoding);
    await withClient(url, (client) =>
      client.query("select pgmq.create('payments_queue'), pgmq.create('payments_dead_letter')"),
    );
    const test = openQueues({ url });
    const [claim] = await claimNew(test, { n: 1 });
    const candidates = metadataCandidates({ ...metadata, reason: { code: "c", message } });
    const { isWritten } = await test.writeOne(
      deadLetter,
      candidates.map((form) => ({ fence: claim!, metadata: form })),
    );
    const { rows: deadLetters } = await withClient(url, (client) =>
      client.query("select message#>>'{reason,message}' as kept from pgmq.q_payments_dead_letter"),
    );
    expect([isWritten, deadLetters]).toEqual([true, [{ kept }]]);
  });
});
