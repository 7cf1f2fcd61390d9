import { fileURLToPath } from "node:url";
import { filesPassed } from "@tasker-observability/testkit";
import { expect, it } from "vitest";

/** Health over a database port of the application's, behind the listener's handler, asked by a client on a kept connection. */
const setUp = `
import { Agent, createServer, get } from "node:http";
import { createHealthOperations, createHealthService } from "@tasker-observability/health";
import { createObservabilityListener } from "@tasker-observability/http-express";

const database = { ping: async () => {}, pool: () => ({ size: 1, idle: 1, waiting: 0, max: 10 }) };
const health = createHealthService({ database, cacheTtlMs: 60_000 });
const server = createServer(createObservabilityListener(createHealthOperations(health)).handler);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const agent = new Agent({ keepAlive: true });
const target = { agent, host: "127.0.0.1", port: server.address().port, path: "/health/ready" };
`;

const run = `async () => {
  const response = await new Promise((resolve, reject) => get(target, resolve).on("error", reject));
  if (response.statusCode !== 200) throw new Error("not ready: " + response.statusCode);
  await response.toArray();
}`;

it("GET /health/ready within the time-to-live passes at most 16 source files", async () => {
  const packageFolder = fileURLToPath(new URL("../packages/http-express", import.meta.url));
  const files = await filesPassed({ packageFolder, setUp, run });
  const passed = [...files.keys()].sort();
  expect(passed).toContain("health/src/check-group.ts");
  expect(passed.length, passed.join("\n")).toBeLessThanOrEqual(16);
});
