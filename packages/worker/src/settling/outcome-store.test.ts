import { withClient } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { type ClaimedMessage, formatMessageKey } from "../queues/step-message.js";
import { queuesOf } from "../queues/step-queues.js";
import {
  completion,
  deadLettered,
  claimNew,
  completed,
  count,
  databaseUrl,
  deadLetter,
  deadLetters,
  openQueues,
  query,
  queue,
  retried,
  retry,
  rows,
  usePaymentsQueues,
} from "../testing/test-outcome-queues.js";
import { eventually } from "../testing/worker-harness.js";

usePaymentsQueues();

describe("outcomes are written while the claim is ours, and not afterwards:", () => {
  const targets = [
    ["a completion", completion, completed],
    ["a retry", retry, (fence: ClaimedMessage) => retried(fence, 1)],
    ["a dead letter", deadLetter, deadLettered],
  ] as const;

  it.each(targets)(
    "%s of a message that another worker has claimed since",
    async (_what, target, rowOf) => {
      const test = openQueues();
      const [claim, other] = await claimNew(test, { n: 1 }, { n: 2 });
      await query("update pgmq.q_payments_queue set vt = now() where msg_id = 1");
      await test.claim(queue, 1);
      const written = await test.write(target, [rowOf(claim!), rowOf(other!)]);
      expect(written).toEqual(new Set([formatMessageKey(other!)]));
      expect(await test.writeOne(target, [rowOf(claim!)])).toMatchObject({ isWritten: false });
      expect(
        await query("select read_ct, message from pgmq.q_payments_queue where msg_id = 1"),
      ).toEqual([{ read_ct: 2, message: { n: 1 } }]);
      expect((await deadLetters()).map(({ message }) => message)).toEqual(
        target.kind === "dead_lettered" ? [{ n: 2 }] : [],
      );
    },
  );

  it.each(targets)(
    "%s of a message whose number another has, since the queue was made anew",
    async (_what, target, rowOf) => {
      const test = openQueues();
      const [old] = await claimNew(test, { n: "old" });
      await query("select pgmq.drop_queue('payments_queue'), pgmq.create('payments_queue')");
      const [young] = await claimNew(test, { n: "new" });
      expect(young).toMatchObject({ messageId: old!.messageId, readCount: old!.readCount });
      expect(await test.write(target, [rowOf(old!)])).toEqual(new Set());
      expect([
        await rows(),
        await count("a_payments_queue"),
        await count("q_payments_dead_letter"),
      ]).toEqual([[{ read_ct: 1, hidden: true }], 0, 0]);
    },
  );

  it("waits for a claim that is under way, and then leaves the message to it", async () => {
    const test = openQueues();
    const [claim] = await claimNew(test, { n: 1 });
    await query("update pgmq.q_payments_queue set vt = now()");
    const writing = await withClient(databaseUrl(), async (client) => {
      await client.query("begin; select pgmq.read('payments_queue', 3600, 1)");
      const outcome = test
        .write(deadLetter, [deadLettered(claim!)])
        .catch((error: unknown) => error);
      await eventually("the write that waits", async () => {
        const waiting =
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        return (await query(waiting)).length > 0;
      });
      await client.query("commit");
      return outcome;
    });
    expect(writing).toEqual(new Set());
    expect([await rows(), await deadLetters()]).toEqual([[{ read_ct: 2, hidden: true }], []]);
  });
});

it("a claim that never ran does not count as an attempt, and one that ran does", async () => {
  const test = openQueues();
  await test.send(queue, { n: 1 });
  for (const [uncounted, read_ct] of [
    [1, 0],
    [0, 1],
  ] as const) {
    const [claim] = await test.claim(queue, 1);
    await test.write(retry, [retried(claim!, uncounted)]);
    expect(await rows()).toEqual([{ read_ct, hidden: false }]);
  }
});

it("a return that is written twice, as after a commit without an answer, leaves the next claim alone", async () => {
  const test = openQueues();
  const [claim] = await claimNew(test, { n: 1 });
  const written = (): Promise<unknown> => test.write(retry, [retried(claim!, 1)]);
  expect(await written()).toEqual(new Set([formatMessageKey(claim!)]));
  const [next] = await openQueues().claim(queue, 1);
  expect([next!.readCount, await written(), await rows()]).toEqual([
    1,
    new Set(),
    [{ read_ct: 1, hidden: true }],
  ]);
});

it("a return of a message that was hidden for longer meanwhile needs the answer to that", async () => {
  const test = openQueues();
  const [claim] = await claimNew(test, { n: 1 });
  const [[key, visibleAtMicros]] = [...(await test.renew(queue, [claim!]))] as [[string, string]];
  for (const [fence, isReturned] of [
    [claim!, false],
    [{ ...claim!, visibleAtMicros: null }, false],
    [{ ...claim!, visibleAtMicros }, true],
  ] as const)
    expect(await test.write(retry, [retried(fence, 1)])).toEqual(new Set(isReturned ? [key] : []));
});

it("a message that is dead-lettered twice leaves one dead letter, with the message as it was", async () => {
  const test = openQueues();
  await query("select pgmq.send('payments_queue', '{\"n\": 12345678901234567890.10}')");
  const [claim] = await test.claim(queue, 1);
  for (let time = 0; time < 2; time += 1) await test.write(deadLetter, [deadLettered(claim!)]);
  expect(
    await query("select message->>'message' as kept from pgmq.q_payments_dead_letter"),
  ).toEqual([{ kept: '{"n": 12345678901234567890.10}' }]);
  expect(await count("a_payments_queue")).toBe(1);
});

it("what an earlier call wrote is found by its claim, and nothing else is", async () => {
  const test = openQueues();
  const [done, dead, open, other] = await claimNew(test, { n: 1 }, { n: 2 }, { n: 3 }, { n: 4 });
  await test.write(completion, [{ fence: done! }]);
  await test.write(deadLetter, [deadLettered(dead!)]);
  await query("update pgmq.q_payments_queue set read_ct = 2 where msg_id = 4");
  await query("select pgmq.archive('payments_queue', 4)");
  const rows = [done!, dead!, open!, other!].map((fence) => ({ fence }));
  expect(await test.findWritten(completion, rows)).toEqual(
    new Set([done!, dead!].map(formatMessageKey)),
  );
  expect(await test.findWritten(retry, rows)).toEqual(new Set());
});

it("queues whose names begin or end like a statement's variant share no statement", async () => {
  const test = openQueues();
  for (const namespace of ["commerce", "e_commerce", "h_commerce", "e_h_commerce"]) {
    await query("select pgmq.create($1), pgmq.create($2)", [
      queuesOf(namespace).stepQueue,
      queuesOf(namespace).eventQueue,
    ]);
    for (const n of [1, 2]) await test.send(queuesOf(namespace).stepQueue, { n });
  }
  const event = { queueName: queuesOf("commerce").eventQueue, text: "{}" };
  for (const namespace of ["commerce", "e_commerce", "h_commerce", "e_h_commerce"])
    for (const events of [[], [event]]) {
      const queues = queuesOf(namespace);
      const [claim] = await test.claim(queues.stepQueue, 1);
      const written = await test.write({ kind: "completed", queues }, [{ fence: claim!, events }]);
      expect(written).toEqual(new Set([formatMessageKey(claim!)]));
    }
});
