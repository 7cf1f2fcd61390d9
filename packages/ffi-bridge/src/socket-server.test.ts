import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSocketServer } from "./socket-server.js";
import { openRaw, socketPath } from "./testing/raw-socket.js";
import { createHangingOperations, rpc, serveSocket } from "./testing/serve-socket.js";

describe("stop", () => {
  it("lets the running call finish, and accepts no other", async () => {
    const { finish, operations } = createHangingOperations();
    const { path, server } = await serveSocket({ operations });
    const client = await openRaw(path);
    client.send(rpc(1, "health_ready"));
    await waitFor(() => finish.length === 1, { what: "the call" });
    const stopped = server.stop();
    client.send(rpc(2, "health_basic"));
    expect((await client.answer(2)).error.data.error).toBe("worker_not_running");
    finish[0]!();
    expect((await client.answer(1)).result.status).toBe("healthy");
    await stopped;
  });

  it("does not wait forever for a call that hangs", async () => {
    const { finish, operations } = createHangingOperations();
    const { path, server } = await serveSocket({ operations, stopTimeoutMs: 30 });
    const client = await openRaw(path);
    client.send(rpc(1, "health_ready"));
    await waitFor(() => finish.length === 1, { what: "the call" });
    await server.stop();
    await waitFor(() => client.closed(), { what: "the end of the connection" });
  });

  it("is no error on a path that something else serves", async () => {
    const path = await socketPath();
    const foreign = createServer().listen(path);
    onTestFinished(() => void foreign.close());
    await waitFor(() => existsSync(path), { what: "the other server" });
    const server = createSocketServer({ operations: {}, path });
    await expect(server.start()).rejects.toThrow("belongs to a running process");
    await server.stop();
    expect(existsSync(path)).toBe(true);
  });
});
