/**
 * What does a worker's notification cost those who send? The same message is sent to a queue whose inserts notify a worker that
 * waits for steps, and to one that has no trigger. The worker is paused: its claims would take their own share of the machine.
 *
 *   npm run bench -- worker/senders
 */
import { claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { connect, createBenchWorker, withBenchDatabase } from "./bench-database.mjs";

const message = JSON.stringify({ step_id: "1", template: { namespace: "bench" }, input: {} });
const queues = ["bench_queue", "silent_queue"];

await withBenchDatabase(
  async (database) => {
    const worker = await createBenchWorker(database, async () => undefined);
    await worker.start();
    worker.pause();
    await database.client.query("select pgmq.create('silent_queue')");
    await notified(database);
    for (const [what, bound, load] of [
      ["one sender", 1.05, { senders: 1, rounds: inEarnest(400, 10), each: 10 }],
      // They share commits, so that the processor is what they wait for. With a notification each they take 2.2 times as long.
      ["eight senders at once", 1.25, { senders: 8, rounds: inEarnest(20, 2), each: 400 }],
    ])
      claimAtMost(
        `sending to a queue that notifies, ${what}, times one that does not`,
        await ratio(database, load),
        bound,
      );
    await worker.stop();
  },
  // As where senders are: a commit waits for the disk.
  { durable: true },
);

/** Fails where the bench would measure a queue that notifies nobody. */
async function notified({ client }) {
  const heard = new Promise((resolve) => client.once("notification", resolve));
  await client.query('listen "pgmq.q_bench_queue.INSERT"');
  const deadline = setTimeout(() => {
    throw new Error("The queue does not notify.");
  }, 10_000);
  const sending = setInterval(() => client.query("select pgmq.send('bench_queue', '{}')"), 100);
  await heard;
  clearInterval(sending);
  clearTimeout(deadline);
  await client.query("unlisten *");
}

/** Of what each queue took, in rounds that take turns: what else the machine does falls on both alike. */
async function ratio({ url, client }, { senders, rounds, each }) {
  const clients = await Promise.all(Array.from({ length: senders }, () => connect(url)));
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) {
    const taken = {};
    for (const queue of round % 2 === 0 ? queues : queues.toReversed()) {
      const startedAt = performance.now();
      await Promise.all(clients.map((sender) => sendMany(sender, queue, each)));
      taken[queue] = performance.now() - startedAt;
    }
    // The first rounds warm up.
    if (round >= rounds / 20) ratios.push(taken.bench_queue / taken.silent_queue);
  }
  for (const queue of queues) {
    const { rows } = await client.query(`delete from pgmq.q_${queue} returning 1`);
    if (rows.length < senders * rounds * each)
      throw new Error(`Of the messages ${rows.length} arrived.`);
  }
  await Promise.all(clients.map((sender) => sender.end()));
  return median(ratios);
}

async function sendMany(sender, queue, count) {
  for (let sent = 0; sent < count; sent += 1)
    await sender.query({
      name: `send_${queue}`,
      text: `select pgmq.send('${queue}', $1::jsonb)`,
      values: [message],
    });
}
