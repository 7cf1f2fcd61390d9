import { describe, expect, it } from "vitest";
import { formatMessageKey } from "../queues/step-message.js";
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
  rows,
  usePaymentsQueues,
} from "../testing/test-outcome-queues.js";

usePaymentsQueues();

describe("a queue that gives out ids which its archive has", () => {
  /** As after a crash of an unlogged queue, a restore, or a queue that was made anew beside its archive. */
  const countAnew = (): Promise<unknown> =>
    query("alter table pgmq.q_payments_queue alter msg_id restart with 1");

  it.each([
    ["completions", completion, completed, 0],
    ["dead letters", deadLetter, deadLettered, 4],
  ] as const)(
    "has its %s archived all the same, and nothing is lost",
    async (_what, target, rowOf, deadLetters) => {
      const test = openQueues();
      const first = await claimNew(test, { n: "a" }, { n: "b" });
      await test.write(
        completion,
        first.map((fence) => ({ fence })),
      );
      for (const messages of [
        ["c", "d"],
        ["e", "f"],
      ]) {
        await countAnew();
        const claims = await claimNew(test, ...messages.map((n) => ({ n })));
        expect(await test.write(target, claims.map(rowOf))).toEqual(
          new Set(claims.map(formatMessageKey)),
        );
      }
      expect(await archivedIds()).toEqual([1, 2, -1, -2, -3, -4]);
      expect(
        await query(
          "select count(distinct message)::int as messages, bool_and(read_ct = 1) as read from pgmq.a_payments_queue",
        ),
      ).toEqual([{ messages: 6, read: true }]);
      expect([await rows(), await count("q_payments_dead_letter")]).toEqual([[], deadLetters]);
    },
  );

  it("keeps the ids that are free, and only those of messages that are ours", async () => {
    const test = openQueues();
    await test.write(completion, [{ fence: (await claimNew(test, { n: "a" }))[0]! }]);
    await countAnew();
    const [taken, free, lost] = await claimNew(test, { n: "b" }, { n: "c" }, { n: "d" });
    await query("update pgmq.q_payments_queue set read_ct = 2 where msg_id = 3");
    await test.write(completion, [{ fence: taken! }, { fence: free! }, { fence: lost! }]);
    expect([await archivedIds(), await count("q_payments_queue")]).toEqual([[1, -1, 2], 1]);
  });

  it("that is the dead letters' counts on from its newest", async () => {
    const test = openQueues();
    for (const restart of [false, true, false]) {
      if (restart)
        await query("alter table pgmq.q_payments_dead_letter alter msg_id restart with 1");
      const claims = await claimNew(test, { n: 1 }, { n: 2 });
      await test.write(deadLetter, claims.map(deadLettered));
    }
    expect(await count("q_payments_dead_letter")).toBe(6);
  });
});
