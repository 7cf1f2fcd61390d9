/**
 * Do four worker processes on one PostgreSQL finish a backlog in 0.4 x the time of one, where the handlers wait on I/O?
 *
 *   npm run bench -- worker/four-workers
 */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { createBenchWorker, fill, withBenchDatabase } from "./bench-database.mjs";

const steps = inEarnest(800, 80);
const handlerMs = 100;

if (process.argv[2] === "worker") await work();
else {
  await withBenchDatabase(async (database) => {
    await database.client.query("select pgmq.create('bench_queue')");
    const ratios = [];
    for (let round = 0; round < inEarnest(3, 1); round += 1) {
      const one = await timeOf(database, 1);
      ratios.push((await timeOf(database, 4)) / one);
    }
    claimAtMost("the time of four processes for a backlog, times that of one", median(ratios), 0.4);
  });
}

/** Milliseconds for a backlog, once every process is ready to begin. */
async function timeOf(database, processes) {
  await fill(database.client, "bench", steps);
  const workers = Array.from({ length: processes }, () =>
    fork(fileURLToPath(import.meta.url), ["worker", database.url, database.templates]),
  );
  await Promise.all(workers.map((worker) => once(worker, "message")));
  const startedAt = performance.now();
  for (const worker of workers) worker.send("begin");
  for (;;) {
    const { rows } = await database.client.query("select 1 from pgmq.q_bench_queue limit 1");
    if (rows.length === 0) break;
    await sleep(10);
  }
  const tookMs = performance.now() - startedAt;
  const exits = await Promise.all(
    workers.map((worker) => {
      worker.send("end");
      return once(worker, "exit");
    }),
  );
  assert.ok(exits.every(([code]) => code === 0));
  return tookMs;
}

async function work() {
  const [url, templates] = process.argv.slice(3);
  const worker = await createBenchWorker({ url, templates }, () => sleep(handlerMs));
  // Paused until all are there: else the first to start would take the backlog.
  worker.pause();
  await worker.start();
  process.on("message", (message) => {
    if (message === "begin") worker.resume();
    else void worker.stop().then(() => process.exit(0));
  });
  process.send("ready");
}
