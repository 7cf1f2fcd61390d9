import { createServer } from "node:net";
import type { Logger } from "@tasker-observability/core";
import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openRaw, type RawSocket } from "../../ffi-bridge/src/testing/raw-socket.js";
import {
  createHangingOperations,
  rpc,
  serveSocket,
} from "../../ffi-bridge/src/testing/serve-socket.js";
import { runCommand } from "./run-command.js";

const openAll = (path: string): Promise<RawSocket[]> =>
  Promise.all(Array.from({ length: 128 }, () => openRaw(path)));

describe("a probe of a socket with 128 connections", () => {
  it("is answered if they are empty", async () => {
    const { path } = await serveSocket();
    await openAll(path);
    expect(await runCommand(["probe", "live", "--socket", path])).toEqual({
      exitCode: 0,
      output: "alive",
      error: "",
    });
  });

  it("exits 2 if all of them are in use", async () => {
    const { finish, operations } = createHangingOperations();
    const { path } = await serveSocket({
      operations,
      logger: vi.fn<Logger>(),
      drainTimeoutMs: 100,
    });
    for (const client of await openAll(path)) client.send(rpc(1, "health_ready"));
    await waitFor(() => finish.length === 128, { what: "the calls" });
    expect(await runCommand(["probe", "live", "--socket", path])).toMatchObject({
      exitCode: 2,
      output: expect.stringContaining("cannot tell: 128 connections are open"),
    });
  });
});

it("probes a socket whose name is of digits, which is no port", async () => {
  const port = createServer().listen(0);
  onTestFinished(() => void port.close());
  const path = String((port.address() as { port: number }).port);
  await serveSocket({ path });
  expect(await runCommand(["probe", "ready", "--socket", path])).toMatchObject({ exitCode: 0 });
});
