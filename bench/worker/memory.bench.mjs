/**
 * What does a worker occupy at rest and at its top rate, and does that stay flat over 400 000 steps? It is what Linux counts, not
 * the heap alone.
 *
 *   npm run bench -- worker/memory
 */
import { setTimeout as sleep } from "node:timers/promises";
import { claimAtMost, median } from "../claim.mjs";
import { inEarnest } from "../scale.mjs";
import { withBenchDatabase } from "./bench-database.mjs";
import { startWithNpm } from "./npm-start.mjs";
import { residentBytes } from "./processor-time.mjs";
import { startSide } from "./side.mjs";

const steps = inEarnest(400_000, 4_000);
const restMs = inEarnest(10_000, 1_000);
const megabyte = 1_024 * 1_024;

const started = await startWithNpm();
await sleep(restMs);
const restMb = residentBytes(started.workerPid) / megabyte;
await started.stop();
claimAtMost("resident memory at rest, of the process that npm start runs", restMb, 70, {
  unit: "MB",
});

await withBenchDatabase(async (database) => {
  const side = await startSide("ours", { ...database, namespaces: ["bench"] });
  await side.fill(steps);
  await side.call("open", { concurrency: 50, worker: { isObserved: true } });
  const samples = [];
  const sampling = setInterval(
    () => samples.push(residentBytes(side.pid) / megabyte),
    inEarnest(250, 20),
  );
  await side.call("run", { count: steps });
  clearInterval(sampling);
  await side.call("close");
  await side.stop();
  // The first quarter warms up; the middle of a stretch, as what is collected comes and goes.
  const stretch = Math.floor(samples.length / 4);
  const early = median(samples.slice(stretch, 2 * stretch));
  const late = median(samples.slice(-stretch));
  claimAtMost("resident memory at top rate, most", Math.max(...samples), 110, { unit: "MB" });
  claimAtMost(`growth from the second to the last quarter of ${steps} steps`, late - early, 5, {
    unit: "MB",
    beside: `of ${early.toFixed(1)} MB`,
  });
});
