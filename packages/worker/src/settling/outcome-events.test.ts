import { describe, expect, it } from "vitest";
import {
  completion,
  archivedIds,
  deadLettered,
  claimNew,
  completed,
  count,
  deadLetter,
  openQueues,
  query,
  retried,
  retry,
  usePaymentsQueues,
} from "../testing/test-outcome-queues.js";
import type { EventRow } from "./event-row.js";

usePaymentsQueues();

describe("the events of an outcome", () => {
  const eventOf = (text: string, queueName = "payments_domain_events"): EventRow => ({
    queueName,
    text,
  });
  const published = async (): Promise<unknown[]> =>
    (
      await query<{ message: unknown }>(
        "select message from pgmq.q_payments_domain_events order by message::text",
      )
    ).map(({ message }) => message);

  it.each([
    ["a completion", completion, completed, "a_payments_queue"],
    ["a retry", retry, retried, "q_payments_queue"],
    ["a dead letter", deadLetter, deadLettered, "q_payments_dead_letter"],
  ] as const)(
    "are written in the transaction of %s, and not where it is not ours",
    async (_what, target, rowOf, table) => {
      const test = openQueues();
      const [one, two, lost] = await claimNew(test, { n: 1 }, { n: 2 }, { n: 3 });
      await query("update pgmq.q_payments_queue set read_ct = 2 where msg_id = 3");
      await test.write(target, [
        { ...rowOf(one!), events: [eventOf('"a"'), eventOf('"b"')] },
        { ...rowOf(two!), events: [eventOf('"c"')] },
        { ...rowOf(lost!), events: [eventOf('"d"')] },
      ]);
      expect(await published()).toEqual(["a", "b", "c"]);
      const [transactions] = await query(
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
  ])("are left out alone when the database can never store one: %s", async (_what, text) => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    const bad = eventOf(text);
    const row = { fence: claim!, events: [eventOf('"a"'), bad, eventOf('"b"')] };
    await expect(test.write(completion, [row])).rejects.toThrow();
    const { isWritten, rejectedEvents } = await test.writeOne(completion, [row]);
    expect([isWritten, [...rejectedEvents.keys()]]).toEqual([true, [bad]]);
    expect([await published(), await archivedIds()]).toEqual([["a", "b"], [1]]);
  });

  it.each(["write", "writeOne"] as const)("keep their headers: %s", async (how) => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    const headers = { traceparent: "00-1" };
    const events = [{ ...eventOf('"a"'), headers }, eventOf('"b"')];
    await test[how](completion, [{ fence: claim!, events, has_headers: true }]);
    expect(
      await query("select headers from pgmq.q_payments_domain_events order by message::text"),
    ).toEqual([{ headers }, { headers: null }]);
  });

  it("delay their outcome while the cause of the refusal can be repaired", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await query(
      "alter table pgmq.q_payments_domain_events add constraint small check (message::text <> '\"b\"')",
    );
    const row = { fence: claim!, events: [eventOf('"a"'), eventOf('"b"')] };
    await expect(test.writeOne(completion, [row])).rejects.toMatchObject({ code: "23514" });
    expect([await published(), await archivedIds(), await count("q_payments_queue")]).toEqual([
      [],
      [],
      1,
    ]);
  });

  it.each(["22012", "22P02", "22021", "22P05", "54000"])(
    "delay their outcome when a trigger raises the same error as encoding: %s",
    async (code) => {
      const test = openQueues();
      const [claim] = await claimNew(test, { n: 1 });
      await query(
        `create or replace function pgmq.refuse() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '${code}'; end $$; create trigger refuse before insert on pgmq.q_payments_domain_events for each row execute function pgmq.refuse()`,
      );
      const row = { fence: claim!, events: [{ ...eventOf('"a"'), headers: { a: "b" } }] };
      await expect(test.writeOne(completion, [row])).rejects.toMatchObject({ code });
      const bad = eventOf("{");
      const { rejectedEvents } = await test.writeOne(completion, [{ ...row, events: [bad] }]);
      expect([[...rejectedEvents.keys()], await archivedIds()]).toEqual([[bad], [1]]);
    },
  );

  it("have their queue created when it is missing, that of another namespace too", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await query("select pgmq.drop_queue('payments_domain_events')");
    const events = [eventOf('"a"'), eventOf('"b"', "orders_domain_events")];
    await test.write(completion, [{ fence: claim!, events }]);
    expect([await published(), await count("q_orders_domain_events")]).toEqual([["a"], 1]);
    expect(test.lines).toHaveLength(2);
  });

  it("continue from the newest id when their queue gives out ids that exist", async () => {
    const test = openQueues();
    for (const text of ['"a"', '"b"']) {
      const [claim] = await claimNew(test, { n: 1 });
      await test.write(retry, [{ ...retried(claim!), events: [eventOf(text)] }]);
      await query("truncate pgmq.q_payments_queue");
      await query("alter table pgmq.q_payments_domain_events alter msg_id restart with 1");
    }
    expect(await published()).toEqual(["a", "b"]);
  });
});
