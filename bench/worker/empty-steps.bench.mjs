/**
 * How much of the speed of a bare loop of pgmq.read and pgmq.archive does the worker keep, with steps that do nothing
 * and the same batch sizes? The worker's statements have their time-outs, as in production; the loop's have none.
 *
 *   npm run bench -- worker/empty-steps
 */
import assert from "node:assert/strict";
import { claimAtLeast, median } from "../claim.mjs";
import { createBenchWorker, fill, withBenchDatabase } from "./bench-database.mjs";

const steps = 10_000;
const rounds = 5;
const batchSize = 20;

await withBenchDatabase(async (database) => {
  const { client } = database;
  await client.query("select pgmq.create('bare'), pgmq.create('bench_queue')");
  const ratios = [];
  // The sides alternate, so that what slows the machine slows both; the first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const bare = await bareRate(client);
    const worker = await workerRate(database);
    if (round > 0) ratios.push(worker / bare);
  }
  claimAtLeast(
    "empty steps through the worker, times a bare loop of pgmq.read and pgmq.archive",
    median(ratios),
    0.6,
  );
});

async function bareRate(client) {
  await fill(client, "bare", steps);
  const startedAt = performance.now();
  let done = 0;
  for (;;) {
    const { rows } = await client.query({
      name: "read",
      text: "select msg_id, message from pgmq.read('bare', 30, $1::int)",
      values: [batchSize],
    });
    if (rows.length === 0) break;
    await client.query({
      name: "archive",
      text: "select pgmq.archive('bare', $1::bigint[])",
      values: [rows.map((row) => row.msg_id)],
    });
    done += rows.length;
  }
  assert.equal(done, steps);
  return steps / (performance.now() - startedAt);
}

async function workerRate(database) {
  await fill(database.client, "bench_queue", steps);
  let startedAt = 0;
  let runs = 0;
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  const handler = async () => {
    if (runs === 0) startedAt = performance.now();
    runs += 1;
    if (runs === steps) finish();
  };
  const worker = await createBenchWorker(database, handler, { slots: batchSize, batchSize });
  await worker.start();
  await finished;
  // The last outcomes are still to be written; looking for them before would only cost the database.
  for (;;) {
    const { rows } = await database.client.query("select 1 from pgmq.q_bench_queue limit 1");
    if (rows.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const tookMs = performance.now() - startedAt;
  await worker.stop();
  assert.equal(runs, steps);
  return steps / tookMs;
}
