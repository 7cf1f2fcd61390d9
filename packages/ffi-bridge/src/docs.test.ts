import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@tasker-observability/config";
import { createTestDatabase, type TestDatabase, waitFor } from "@tasker-observability/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { runCommand } from "./commands/run-command.js";
import { startHeartbeatFile } from "./heartbeat-file.js";
import { createSocketServer } from "./socket-server.js";
import { socketPath } from "./testing/raw-socket.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const templates = join(root, "packages/ffi-bridge/src/testing/templates/*.yaml");
const read = (path: string) => readFileSync(join(root, path), "utf8");

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map((match) => match[1] ?? "");
}

const page = read("docs/library-deployment-patterns.md");
const snippets = [
  ...blocksOf(page, "js").map((code, index) => ({ name: `snippet ${index + 1} of library-deployment-patterns.md`, code })),
  ...blocksOf(read("packages/ffi-bridge/README.md"), "js").map((code) => ({ name: "the example of the README", code })),
];

let database: TestDatabase;
let printed: string[];

/** Runs code as it is written, the packages resolved to their sources. */
async function run(code: string): Promise<unknown> {
  const folder = mkdtempSync(join(root, "packages/ffi-bridge/src/testing/.snippet-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "snippet.mjs");
  writeFileSync(file, code);
  return import(/* @vite-ignore */ file);
}

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  printed = [];
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("TEMPLATES", templates);
  vi.stubEnv("PORT", "0");
  vi.spyOn(console, "log").mockImplementation((...parts: unknown[]) => void printed.push(parts.map(String).join(" ")));
});
afterEach(() => {
  process.exitCode = undefined;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function startGateway(): Promise<readonly string[]> {
  const methods: string[] = [];
  const gateway = createServer((request, response) => {
    methods.push(request.method ?? "");
    request.resume().on("end", () => response.writeHead(202).end());
  }).listen(0);
  onTestFinished(() => {
    gateway.close();
    gateway.closeAllConnections();
  });
  vi.stubEnv("PUSHGATEWAY_URL", `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`);
  return methods;
}

describe("the documents", () => {
  it.each(snippets)("$name runs, and prints something or pushes", async ({ code }) => {
    const pushes = await startGateway();
    await run(code);
    await waitFor(() => printed.length + pushes.length > 0, { what: "a result" });
  });

  it("have as many snippets as were found", () => {
    expect(snippets.length).toBeGreaterThanOrEqual(8);
  });

  it.each(blocksOf(page, "toml"))("configure keys that exist: %s", async (toml) => {
    const path = await socketPath("one.toml");
    writeFileSync(path, toml);
    expect(loadConfig({ path, env: {} }).unused_keys).toEqual([]);
  });

  it.each(blocksOf(page, "sh").flatMap((block) => block.trim().split("\n")))("give commands that work: %s", async (line) => {
    const worker = createSampleWorker();
    const path = await socketPath();
    const server = createSocketServer({ operations: worker.observability.operations, path });
    await server.start();
    const file = await socketPath("heartbeat");
    const heartbeat = startHeartbeatFile({ context: worker.context, path: file });
    onTestFinished(async () => {
      await Promise.all([server.stop(), heartbeat.stop()]);
    });
    await waitFor(() => worker.clock.pendingTimers() > 0, { what: "the first heartbeat" });
    const [, ...args] = line.replace("/run/orders/worker.sock", path).replace("/run/orders/heartbeat", file).split(" ");
    expect(await runCommand(args)).toMatchObject({ exitCode: 0, error: "" });
  });
});

describe("the examples", () => {
  const gone = "postgres://nobody@127.0.0.1:1/nothing";

  it("health-only turns with its database", async () => {
    await run(read("examples/health-only/index.mjs"));
    expect([printed, process.exitCode]).toEqual([["healthy: healthy"], 0]);
    vi.stubEnv("DATABASE_URL", gone);
    await run(read("examples/health-only/index.mjs"));
    expect([printed[1], process.exitCode]).toEqual(["unhealthy: unhealthy connection_refused", 1]);
  });

  it("facade turns with its database, and answers the rest all the same", async () => {
    await run(read("examples/facade/index.mjs"));
    expect(printed.slice(0, 3)).toEqual(["ready: true", "environment: development", "templates: 2"]);
    vi.stubEnv("DATABASE_URL", gone);
    await run(read("examples/facade/index.mjs"));
    expect(printed.slice(4, 7)).toEqual(["ready: false", "environment: development", "templates: 2"]);
  });

  it.each([
    ["200", undefined],
    ["503", gone],
  ])("express-app answers %s beside the application's own routes", async (status, url) => {
    if (url !== undefined) vi.stubEnv("DATABASE_URL", url);
    const { stop } = (await run(read("examples/express-app/index.mjs"))) as { stop: () => unknown };
    await waitFor(() => printed.length === 1, { what: "the address" });
    const ready = await fetch(printed[0]!);
    expect(String(ready.status)).toBe(status);
    expect(await (await fetch(new URL("/orders", printed[0]))).json()).toEqual([]);
    await stop();
    process.removeListener("SIGTERM", stop);
  });
});
