import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { operationNames } from "@tasker-observability/core";
import { createTestDatabase, spawnNode, type TestDatabase } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type LiveWorker, startLiveWorker, untilAnswered } from "./live-worker.js";
import { listeningPorts } from "./processes.js";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));
afterAll(() => database.drop());

async function occupyPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Lets the worker drain; resolves to the packages that it had loaded. */
async function stopAndListPackages({ process: worker }: LiveWorker): Promise<string[]> {
  worker.kill("SIGTERM");
  const loaded = await worker.waitForLine(/^loaded /);
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  return loaded.split(" ").slice(1);
}

describe.each(["Library", "Headless"] as const)("in %s mode", (mode) => {
  it("all functions of the catalogue answer without a listener, even if the port is taken, and express is not loaded", async () => {
    const worker = await startLiveWorker(mode, {
      url: database.url,
      bindAddress: await occupyPort(),
    });
    expect((await untilAnswered(worker)).sort()).toEqual([...operationNames].sort());
    expect(listeningPorts(worker.process.pid)).toEqual([]);
    const loaded = await stopAndListPackages(worker);
    expect(loaded).toContain("pg");
    expect(loaded).not.toContain("express");
  });
});

describe("in Full mode", () => {
  it("the same functions answer besides the one listening port", async () => {
    const worker = await startLiveWorker("Full", { url: database.url });
    expect((await untilAnswered(worker)).sort()).toEqual([...operationNames].sort());
    const url = await worker.process.waitForLine(/^http.*\/health$/);
    expect(listeningPorts(worker.process.pid)).toEqual([Number(new URL(url).port)]);
    await stopAndListPackages(worker);
  });
});

it("in Library mode signals and rejections are left to the application", async () => {
  const worker = await startLiveWorker("Library", { url: database.url });
  expect(await worker.process.waitForLine(/^handlers of ours/, 30_000)).toBe("handlers of ours: ");
});

it("in Headless mode a worker that no process can reach warns", async () => {
  const warning =
    /"level":"warn","message":"other processes cannot see the health of this worker: set worker\.web\.enabled, worker\.bridge\.socket_path or worker\.bridge\.heartbeat_file/;
  const worker = await startLiveWorker("Headless", { url: database.url, hasTransport: false });
  await worker.process.waitForLine(warning, 30_000);
  const asked = await startLiveWorker("Headless", { url: database.url });
  await untilAnswered(asked);
  expect(asked.process.stderr.text()).not.toMatch(warning);
});

it("express would be reported if it were loaded", async () => {
  const cwd = fileURLToPath(new URL("../packages/ffi-bridge", import.meta.url));
  const preload = fileURLToPath(new URL("programs/report-packages.mjs", import.meta.url));
  const child = spawnNode(["--import", preload, "--input-type=module", "-e", 'import "express";'], {
    cwd,
  });
  expect((await child.waitForLine(/^loaded /)).split(" ")).toContain("express");
});
