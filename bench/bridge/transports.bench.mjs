/**
 * What a call costs in process, over the socket and over HTTP on loopback: one caller, one call at a time, the worker
 * in a process of its own (but for the calls in process).
 *
 *   npm run bench -- bridge/transports
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveConfig } from "../../packages/config/dist/index.js";
import { createWorkerContext } from "../../packages/core/dist/index.js";
import { connectObservability, createObservability } from "../../packages/ffi-bridge/dist/index.js";
import { claimAtLeast } from "../claim.mjs";
import { sideBySide } from "./side-by-side.mjs";

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const path = join(folder, "worker.sock");
const server = fork(fileURLToPath(new URL("serve.mjs", import.meta.url)), [path]);
const [{ port }] = await once(server, "message");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const client = connectObservability(path);
const local = createObservability({
  context: createWorkerContext({ workerId: "bench-1" }),
  config: resolveConfig({ worker: { worker_id: "bench-1" } }, { env: {} }),
});

function http(endpoint) {
  return new Promise((resolve, reject) => {
    const request = get({ agent, port, host: "127.0.0.1", path: endpoint }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve(JSON.parse(text)));
    });
    request.on("error", reject);
  });
}

for (const [name, method, endpoint] of [
  ["basic", "healthBasic", "/health"],
  ["ready", "healthReady", "/health/ready"],
  ["config", "config", "/config"],
]) {
  const rates = await sideBySide({
    inProcess: () => local[method](),
    socket: () => client[method](),
    http: () => http(endpoint),
  });
  const perSecond = Object.entries(rates).map(
    ([side, rate]) => `${side} ${Math.round(rate * 1_000)}`,
  );
  console.log(
    `${name}: calls per second: ${perSecond.join(", ")}; in process ${Math.round(rates.inProcess / rates.http)} x HTTP`,
  );
  if (name === "basic")
    claimAtLeast("the socket against a keep-alive HTTP client", rates.socket / rates.http, 1.7);
}
await client.close();
agent.destroy();
server.disconnect();
rmSync(folder, { recursive: true, force: true });
