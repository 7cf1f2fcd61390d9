/**
 * How long does the probe command take, beside Node that does nothing?
 *
 *   npm run bench -- bridge/probe
 */
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { claimAtMost, median } from "../claim.mjs";

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const path = join(folder, "worker.sock");
const server = fork(fileURLToPath(new URL("serve.mjs", import.meta.url)), [path]);
await once(server, "message");
const command = fileURLToPath(
  new URL("../../packages/cli/bin/tasker-observability.cjs", import.meta.url),
);

const times = { probe: [], nothing: [] };
for (let round = 0; round < 40; round += 1) {
  times.nothing.push(timeOf(["-e", "0"]));
  times.probe.push(timeOf([command, "probe", "ready", "--socket", path]));
}
claimAtMost(
  "probe ready --socket, times node -e 0",
  median(times.probe) / median(times.nothing),
  1.3,
);
server.disconnect();
rmSync(folder, { recursive: true, force: true });

function timeOf(args) {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}`);
  return performance.now() - startedAt;
}
