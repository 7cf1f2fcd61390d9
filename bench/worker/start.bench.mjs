/**
 * How long does `npm start` take in an installed clone until the worker is ready, and how long a worker whose 1 000 queues are
 * there? graphile-worker, whose jobs share a table, stands beside it.
 *
 *   npm run bench -- worker/start
 */
import { claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { namespacesNamed, withBenchDatabase } from "./bench-database.mjs";
import { startWithNpm } from "./npm-start.mjs";
import { startSide } from "./side.mjs";

const starts = inEarnest(5, 1);
const many = namespacesNamed(inEarnest(1_000, 20));

const tookMs = [];
for (let round = 0; round < starts; round += 1) {
  const started = await startWithNpm();
  tookMs.push(started.tookMs);
  await started.stop();
}
claimAtMost("npm start to ready", median(tookMs), 1_500, { unit: "ms" });

await withBenchDatabase(
  async (database) => {
    const peer = await timeToStart(database, "graphile-worker");
    claimAtMost(
      `createWorker() to ready, where its ${many.length} queues are there`,
      await timeToStart(database, "ours"),
      2_000,
      { unit: "ms", beside: `graphile-worker's run() with as many tasks: ${peer.toFixed(0)} ms` },
    );
  },
  { namespaces: many, settings: { max_locks_per_transaction: "1024" } },
);

async function timeToStart(database, file) {
  const took = [];
  for (let round = 0; round < starts; round += 1) {
    // A process of its own each time, as a start has.
    const side = await startSide(file, { ...database, namespaces: many });
    const openMs = await side.call("open", { concurrency: 10 });
    took.push(openMs + (await side.call("begin")));
    await side.call("close");
    await side.stop();
  }
  return median(took);
}
