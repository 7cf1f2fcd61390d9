import { fileURLToPath } from "node:url";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import { expect, it } from "vitest";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const source = JSON.stringify(fileURLToPath(new URL("./index.ts", import.meta.url)));

it.each([
  [
    "the time-out of a shared run",
    `createSharedRun(() => new Promise(() => {}), { clock: systemClock, ttlMs: 0, timeoutMs: 20 }).get().then(({ run }) => run.state)`,
    "timed_out",
  ],
  [
    "the budget of a call",
    `answer({ name: "hang", params: { safeParse: () => ({ success: true, data: {} }) }, mediaTypes: ["application/json"], context: createWorkerContext(), run: () => new Promise(() => {}) }, {}, inProcess, { budgetMs: 20 }).catch(({ code }) => code)`,
    "TIMEOUT",
  ],
  [
    "a timer that keeps the process alive",
    `new Promise((resolve) => systemClock.after(20, () => resolve("rang"), { keepsProcessAlive: true }))`,
    "rang",
  ],
])("keeps a process alive for %s", async (_what, wait, output) => {
  const bundle = await bundleForNode(
    `const { answer, createSharedRun, createWorkerContext, inProcess, systemClock } = require(${source}); ${wait}.then(console.log);`,
    packageFolder,
    "cjs",
  );
  const child = spawnNode([bundle.file]);
  await child.exited;
  await bundle.remove();
  expect(child.stdout.text() + child.stderr.text()).toBe(`${output}\n`);
});
