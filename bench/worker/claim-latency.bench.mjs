/**
 * How long from sending a step to the start of its handler, on an idle worker: with LISTEN, and with the poller alone?
 *
 *   npm run bench -- worker/claim-latency
 */
import { claimAtMost, median } from "../claim.mjs";
import { createBenchWorker, withBenchDatabase } from "./bench-database.mjs";

const pollingIntervalMs = 200;

await withBenchDatabase(async (database) => {
  const heard = median(
    await latencies(database, { samples: 60, pollingIntervalMs: 60_000, restMs: () => 400 }),
  );
  claimAtMost("from send to handler start with LISTEN, p50", heard, 15, { unit: "ms" });
  await database.client.query("alter table pgmq.q_bench_queue disable trigger all");
  const polled = median(
    await latencies(database, {
      samples: 40,
      pollingIntervalMs,
      restMs: () => Math.random() * 2 * pollingIntervalMs,
    }),
  );
  claimAtMost(
    "from send to handler start with the poller alone, p50 against its interval",
    polled,
    pollingIntervalMs,
    { unit: "ms" },
  );
});

/**
 * @param restMs between two steps: with LISTEN longer than PGMQ's throttle of notifications, so that each finds the worker idle;
 * with the poller at random, since after a fixed rest every step would wait for the same remainder of the interval.
 */
async function latencies(database, { samples, pollingIntervalMs, restMs }) {
  let arrived;
  const worker = await createBenchWorker(database, async () => arrived(performance.now()), {
    pollingIntervalMs,
  });
  await worker.start();
  await sleep(1_000);
  const found = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const arrival = new Promise((resolve) => (arrived = resolve));
    const sentAt = performance.now();
    await worker.enqueue({
      template: { namespace: "bench", name: "t", version: "1.0.0" },
      stepName: "s",
    });
    found.push((await arrival) - sentAt);
    await sleep(restMs());
  }
  await worker.stop();
  return found;
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
