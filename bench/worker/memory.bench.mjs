/**
 * Does the worker's memory stay flat over 200 000 steps? The heap after a collection is compared between
 * the first quarter of the run, when everything is warm, and the end.
 *
 *   npm run bench -- worker/memory
 */
import assert from "node:assert/strict";
import { claimAtMost } from "../claim.mjs";
import { createBenchWorker, fill, withBenchDatabase } from "./bench-database.mjs";

assert.ok(globalThis.gc, "It needs node --expose-gc, as npm run bench gives it.");
const steps = 200_000;

await withBenchDatabase(async (database) => {
  await database.client.query("select pgmq.create('bench_queue')");
  await fill(database.client, "bench_queue", steps);
  const heapMb = new Map();
  let runs = 0;
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  const handler = async () => {
    runs += 1;
    if (runs % (steps / 4) === 0) heapMb.set(runs, usedHeapMb());
    if (runs === steps) finish();
  };
  const worker = await createBenchWorker(database, handler, { slots: 100, batchSize: 100 });
  await worker.start();
  await finished;
  await worker.stop();
  const growthMb = heapMb.get(steps) - heapMb.get(steps / 4);
  claimAtMost(`heap growth over the last ${(steps * 3) / 4} of ${steps} steps`, growthMb, 5, {
    unit: "MB",
    beside: `of ${heapMb.get(steps / 4).toFixed(1)} MB`,
  });
});

function usedHeapMb() {
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
