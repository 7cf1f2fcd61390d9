import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { bundleForNode } from "./bundle-for-node.js";
import { isRunning } from "./is-running.js";
import { spawnNode } from "./spawn-node.js";
import { waitFor } from "./wait-for.js";

const here = dirname(fileURLToPath(import.meta.url));

/** As a test file's hook does: starts a process outside any test, and does not stop it. */
const worker = `
  import { spawnNode } from ${JSON.stringify(join(here, "spawn-node.ts"))};
  console.log("started", spawnNode(["-e", "setInterval(() => undefined, 1000)"]).pid);
`;

it("kills what was started outside a test when the test's process is ended", async () => {
  const bundle = await bundleForNode(worker, join(here, ".."));
  const process = spawnNode([bundle.file]);
  const pid = Number((await process.waitForLine(/started/)).split(" ")[1]);
  expect(isRunning(pid)).toBe(true);
  process.kill("SIGTERM");
  expect(await process.exited).toEqual({ code: 143, signal: null });
  await waitFor(() => !isRunning(pid), { what: "the end of the process" });
  await bundle.remove();
});
