/**
 * How long does `npm start` take in an installed clone until the worker is ready, and what does the worker occupy at rest?
 * Its PostgreSQL has processes of its own, and does not count.
 *
 *   npm run bench -- worker/start
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { claimAtMost, median } from "../claim.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const starts = 5;
const restMs = 10_000;

const tookMs = [];
const occupiedMb = [];
for (let round = 0; round < starts; round += 1) {
  const startedAt = performance.now();
  const npm = spawn("npm", ["start"], {
    cwd: root,
    env: {
      ...process.env,
      TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
      TASKER_SAMPLE_STEPS_PER_SECOND: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await untilReady(npm);
  tookMs.push(performance.now() - startedAt);
  await new Promise((resolve) => setTimeout(resolve, restMs));
  occupiedMb.push(residentMb(npm.pid));
  npm.kill("SIGTERM");
  await once(npm, "exit");
}
claimAtMost("npm start to ready", median(tookMs), 3_000, { unit: "ms" });
claimAtMost("the worker's resident memory at rest", median(occupiedMb), 120, { unit: "MB" });

async function untilReady(npm) {
  for await (const line of createInterface({ input: npm.stdout }))
    if (line === "ready") return npm.stdout.resume();
  throw new Error("npm start ended before it was ready.");
}

/** npm runs a shell that runs the worker, or becomes it. */
function residentMb(pid) {
  const read = (of, file) => readFileSync(`/proc/${of}/${file}`, "utf8");
  if (read(pid, "cmdline").includes("tasker-worker.js\0"))
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(pid, "status"))[1]) / 1_024;
  for (const child of read(pid, `task/${pid}/children`).split(" ").filter(Boolean)) {
    const found = residentMb(Number(child));
    if (found !== null) return found;
  }
  return null;
}
