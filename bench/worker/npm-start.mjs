// `npm start` in this clone, as one who tries the project runs it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Resolves when the worker says that it is ready. @returns how long that took, the worker's process, and what stops it */
export async function startWithNpm() {
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
  const tookMs = performance.now() - startedAt;
  return {
    tookMs,
    workerPid: findWorker(npm.pid),
    stop: async () => {
      const exited = once(npm, "exit");
      npm.kill("SIGTERM");
      await exited;
    },
  };
}

async function untilReady(npm) {
  for await (const line of createInterface({ input: npm.stdout }))
    if (line === "ready") return npm.stdout.resume();
  throw new Error("npm start ended before it was ready.");
}

/** npm runs a shell that runs the worker, or becomes it. PostgreSQL has processes of its own. */
function findWorker(pid) {
  const read = (file) => readFileSync(`/proc/${pid}/${file}`, "utf8");
  if (read("cmdline").includes("tasker-worker.js\0")) return pid;
  for (const child of read(`task/${pid}/children`).split(" ").filter(Boolean)) {
    const found = findWorker(Number(child));
    if (found !== null) return found;
  }
  return null;
}
