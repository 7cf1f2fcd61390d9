import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { createAccessPolicy, createWorkerContext } from "@tasker-observability/core";
import { spawnNode, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createObservability } from "./observability.js";
import { createSocketServer, type SocketServerOptions } from "./socket-server.js";
import { openRaw, socketPath } from "./testing/raw-socket.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const rpc = (id: unknown, method: string, params?: unknown) => ({ jsonrpc: "2.0", id, method, params });
const charge = { namespace: "payments", name: "charge", version: "1.0.0" };

async function serve(options: Partial<SocketServerOptions> = {}) {
  const worker = createSampleWorker();
  const path = options.path ?? (await socketPath());
  const server = createSocketServer({ operations: worker.observability.operations, makeRequestId: () => "r-1", ...options, path });
  onTestFinished(() => server.stop());
  await server.start();
  return { worker, path, server };
}

/** A worker whose readiness answers when it is told. */
function hangingWorker() {
  const finish: (() => void)[] = [];
  const run = () => new Promise<"healthy">((resolve) => finish.push(() => resolve("healthy")));
  const context = createWorkerContext({ workerId: "slow-1" });
  const signals: AbortSignal[] = [];
  const health = createObservability({ context }).operations;
  const hanging = { ...health.health_ready!, run: (_params: unknown, { signal }: { signal: AbortSignal }) => (signals.push(signal), run().then(() => ({ status: "healthy" }))) };
  return { finish, signals, context, operations: { ...health, health_ready: hanging as unknown as NonNullable<(typeof health)["health_ready"]> } };
}

/** The file of a server that was killed. */
async function leaveStaleFile(path: string): Promise<void> {
  const child = spawnNode(["-e", `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`]);
  await child.waitForLine(/up/);
  child.kill("SIGKILL");
  await child.exited;
}

describe("the socket's file", () => {
  it("is for its owner alone, and goes when the server stops", async () => {
    const { path, server } = await serve();
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(path).isSocket()).toBe(true);
    await Promise.all([server.stop(), server.stop()]);
    expect(existsSync(path)).toBe(false);
  });

  it("replaces the one that a killed server left behind", async () => {
    const path = await socketPath();
    await leaveStaleFile(path);
    expect(existsSync(path)).toBe(true);
    await serve({ path });
    const client = await openRaw(path);
    client.send(rpc(1, "health_basic"));
    expect((await client.answer(1)).result.status).toBe("healthy");
  });

  it("refuses the path of a running server, which goes on", async () => {
    const { path } = await serve();
    await expect(serve({ path })).rejects.toThrow(`${path} belongs to a running process`);
    const client = await openRaw(path);
    client.send(rpc(1, "health_basic"));
    expect((await client.answer(1)).result.status).toBe("healthy");
  });

  it("goes to one of two servers that start at once over a stale file", async () => {
    const path = await socketPath();
    await leaveStaleFile(path);
    const outcomes = await Promise.allSettled([serve({ path }), serve({ path })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("never replaces a file that is no socket", async () => {
    const path = await socketPath("precious.txt");
    writeFileSync(path, "precious");
    await expect(serve({ path })).rejects.toThrow("is a file, and no socket");
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  it.each([
    ["an empty path", "", "needs a path"],
    ["a path that the system would cut off", `/tmp/${"x".repeat(120)}`, "at most 107 bytes"],
    ["a folder that does not exist", "/nonexistent-folder/worker.sock", "its folder does not exist"],
  ])("refuses %s in one line", async (_what, path, message) => {
    const error = await serve({ path }).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });

  it("is not made again by a server that was stopped, or started before", async () => {
    const { path, server } = await serve();
    await expect(server.start()).rejects.toThrow("started before");
    await server.stop();
    const second = createSocketServer({ operations: {}, path });
    const starting = second.start();
    await second.stop();
    await starting;
    expect(existsSync(path)).toBe(false);
    await createSocketServer({ operations: {}, path }).stop();
  });
});

describe("a call", () => {
  it("is answered under its id, a text or a number", async () => {
    const { path } = await serve();
    const client = await openRaw(path);
    client.send(rpc("a", "config_environment"));
    client.send(rpc(7, "health_live", {}));
    expect(await client.answer("a")).toEqual({ jsonrpc: "2.0", id: "a", result: "test" });
    expect((await client.answer(7)).result.status).toBe("alive");
  });

  it("without an id is carried out and not answered", async () => {
    const { path, worker } = await serve();
    const client = await openRaw(path);
    client.send({ jsonrpc: "2.0", method: "template_get", params: charge });
    client.send({ jsonrpc: "2.0", method: "nothing" });
    await waitFor(async () => (await worker.observability.cacheStats()).total_entries === 1, { what: "the notification" });
    client.send(rpc(1, "health_basic"));
    await client.answer(1);
    expect(client.frames).toHaveLength(1);
  });

  it("may come in pieces, and many in one", async () => {
    const { path } = await serve();
    const client = await openRaw(path);
    const frame = Buffer.from(`${JSON.stringify(rpc("ü💡", "health_basic"))}\r\n`);
    for (const byte of frame) client.send(Buffer.from([byte]));
    client.send(`\n\n${JSON.stringify(rpc(1, "health_basic"))}\n${JSON.stringify(rpc(2, "health_basic"))}\n`);
    await Promise.all(["ü💡", 1, 2].map((id) => client.answer(id)));
  });

  it("is still answered after the client has closed its writing end", async () => {
    const { path } = await serve();
    const client = await openRaw(path, { allowHalfOpen: true });
    client.socket.end(`${JSON.stringify(rpc(1, "health_ready"))}\n`);
    expect((await client.answer(1)).result.status).toBe("healthy");
    await waitFor(() => client.closed() || client.socket.readableEnded, { what: "the end" });
  });

  it.each([
    ["no JSON", "{", null, -32700, "parse_error"],
    ["a batch", [rpc(1, "health_basic")], null, -32600, "invalid_request"],
    ["a bare value", "7\n", null, -32600, "invalid_request"],
    ["an id that is an object", { ...rpc({}, "health_basic") }, null, -32600, "invalid_request"],
    ["no version", { id: 1, method: "health_basic" }, 1, -32600, "invalid_request"],
    ["no method", { jsonrpc: "2.0", id: 1 }, 1, -32600, "invalid_request"],
    ["an unknown method", rpc(1, "health"), 1, -32601, "endpoint_not_found"],
    ["a method of Object", rpc(1, "constructor"), 1, -32601, "endpoint_not_found"],
    ["__proto__ for a method", rpc(1, "__proto__"), 1, -32601, "endpoint_not_found"],
    ["wrong params", rpc(1, "template_get", { namespace: 1 }), 1, -32602, "invalid_params"],
    ["positional params", rpc(1, "template_get", ["payments"]), 1, -32602, "invalid_params"],
    ["a missing template", rpc(1, "template_get", { ...charge, name: "none" }), 1, -32000, "template_not_found"],
    ["a write without opt-in", rpc(1, "templates_cache_clear"), 1, -32000, "cache_operations_disabled"],
    ["events where there are none", rpc(1, "events_subscribe", { pattern: "*" }), 1, -32000, "service_not_installed"],
  ])("with %s is refused by name", async (_what, sent, id, code, error) => {
    const { path } = await serve();
    const client = await openRaw(path);
    client.send(typeof sent === "string" ? `${sent}\n` : sent);
    const frame = await client.answer(id);
    expect(frame).toEqual({ jsonrpc: "2.0", id, error: { code, message: expect.any(String), data: { error, timestamp: "2025-01-01T00:00:00.000Z", request_id: "r-1" } } });
  });

  it("may write where the policy lets it", async () => {
    const { path } = await serve({ policy: createAccessPolicy({ socketWrites: true }) });
    const client = await openRaw(path);
    client.send(rpc(1, "templates_cache_clear"));
    expect((await client.answer(1)).result).toMatchObject({ operation: "clear", success: true });
  });

  it("that outlasts its time is answered TIMEOUT, logged, and its signal aborted", async () => {
    const { signals, operations } = hangingWorker();
    const logger = vi.fn();
    const logged = { ...operations, health_ready: { ...operations.health_ready, context: { ...operations.health_ready.context, logger } } };
    const { path } = await serve({ operations: logged, requestTimeoutMs: 20 });
    const client = await openRaw(path);
    client.send(rpc(1, "health_ready"));
    expect((await client.answer(1)).error).toMatchObject({ code: -32000, message: "No answer within 20 ms.", data: { error: "timeout" } });
    expect(signals[0]?.aborted).toBe(true);
    expect(logger).toHaveBeenCalledWith("warn", "request failed", { request_id: "r-1", operation: "health_ready", error: "TIMEOUT" });
  });

  it("is aborted when its client goes", async () => {
    const { signals, operations } = hangingWorker();
    const { path } = await serve({ operations, stopTimeoutMs: 20 });
    const client = await openRaw(path);
    client.send(rpc(1, "health_ready"));
    await waitFor(() => signals.length === 1, { what: "the call" });
    client.socket.destroy();
    await waitFor(() => signals[0]!.aborted, { what: "the signal" });
  });
});

describe("a greedy client", () => {
  it("has ten megabytes in one frame refused by name, and its connection goes on", async () => {
    const { path } = await serve();
    const client = await openRaw(path);
    client.send(`{"jsonrpc":"2.0","id":1,"method":"template_get","params":{"name":"${"x".repeat(10_000_000)}"}}\n`);
    expect((await client.answer(null)).error.data.error).toBe("payload_too_large");
    client.send(rpc(2, "health_basic"));
    expect((await client.answer(2)).result.status).toBe("healthy");
    expect(client.frames).toHaveLength(2);
  });

  it("has its 65th call in flight refused by name, and the others answered", async () => {
    const { finish, operations } = hangingWorker();
    const { path } = await serve({ operations });
    const client = await openRaw(path);
    for (let id = 1; id <= 65; id += 1) client.send(rpc(id, "health_ready"));
    expect((await client.answer(65)).error.data.error).toBe("too_many_calls");
    expect(finish).toHaveLength(64);
    finish.forEach((settle) => settle());
    await client.answer(64);
    client.send(rpc(66, "health_basic"));
    await client.answer(66);
  });

  it("is refused by name at the 129th connection", async () => {
    const { path } = await serve();
    const clients = await Promise.all(Array.from({ length: 128 }, () => openRaw(path)));
    clients[0]!.send(rpc(1, "health_basic"));
    await clients[0]!.answer(1);
    const late = await openRaw(path);
    expect((await late.answer(null)).error.data.error).toBe("too_many_connections");
    await waitFor(() => late.closed(), { what: "the end of the connection" });
    clients[1]!.socket.destroy();
    await waitFor(async () => {
      const next = await openRaw(path);
      next.send(rpc(1, "health_basic"));
      await waitFor(() => next.frames.length > 0, { what: "a frame" });
      return "result" in next.frames[0]!;
    }, { what: "the place that became free" });
  });

  it("has an answer that fits no frame refused by name", async () => {
    const context = createWorkerContext();
    const text = async () => "x".repeat(1_100_000);
    const base = createObservability({ context }).operations;
    const { path } = await serve({ operations: { metrics_prometheus: { ...base.metrics_prometheus!, run: text } } });
    const client = await openRaw(path);
    client.send(rpc(1, "metrics_prometheus"));
    expect((await client.answer(1)).error.data.error).toBe("payload_too_large");
  });
});

describe("a slow or broken client", () => {
  /** Every answer is half a megabyte; the bus tells whether the client is still there. */
  async function serveWordily(options: Partial<SocketServerOptions> = {}) {
    const seen = { runs: 0, subscribers: 0 };
    const text = async () => ((seen.runs += 1), "x".repeat(500_000));
    const base = createObservability({ context: createWorkerContext() }).operations;
    const events = { subscribe: () => ((seen.subscribers += 1), () => void (seen.subscribers -= 1)) };
    const { path } = await serve({ operations: { ...base, metrics_prometheus: { ...base.metrics_prometheus!, run: text } }, events, ...options });
    const slow = await openRaw(path);
    slow.send(rpc("subscribed", "events_subscribe", { pattern: "*" }));
    await slow.answer("subscribed");
    slow.socket.pause();
    const ask = (from: number, to: number) => {
      for (let id = from; id < to; id += 1) slow.send(rpc(id, "metrics_prometheus"));
    };
    return { seen, path, slow, ask };
  }

  it("that reads nothing is asked nothing more until it does, and delays nobody", async () => {
    const { seen, path, slow, ask } = await serveWordily();
    ask(0, 4);
    await waitFor(() => seen.runs === 4, { what: "the first calls" });
    ask(4, 9);
    const other = await openRaw(path);
    for (let id = 0; id < 5; id += 1) {
      other.send(rpc(id, "health_basic"));
      await other.answer(id);
    }
    expect(seen.runs).toBe(4);
    slow.socket.resume();
    await slow.answer(8);
    expect(seen.runs).toBe(9);
  });

  it("that goes on reading nothing is cut off", async () => {
    const { seen, slow, ask } = await serveWordily({ stalledAfterMs: 20 });
    ask(0, 4);
    await waitFor(() => seen.subscribers === 0, { what: "being cut off" });
    slow.socket.resume();
    await waitFor(() => slow.closed(), { what: "the end" });
    expect(slow.frames.length).toBeLessThan(5);
  });

  it("that asks for more than it could ever hold is cut off at once", async () => {
    const { seen, ask } = await serveWordily();
    ask(0, 60);
    await waitFor(() => seen.subscribers === 0, { what: "being cut off" });
  });

  it("that goes in the middle of a frame, or sends rubbish, harms nobody", async () => {
    const { path } = await serve();
    const other = await openRaw(path);
    for (const rubbish of ['{"jsonrpc":', Buffer.from([0, 0xff, 0xfe, 0x0a]), "GET /health HTTP/1.1\r\n\r\n"]) {
      const client = await openRaw(path);
      client.send(rubbish);
      client.socket.destroy();
    }
    other.send(rpc(1, "health_basic"));
    expect((await other.answer(1)).result.status).toBe("healthy");
  });
});

describe("stop", () => {
  it("lets the call under way finish, and takes no other", async () => {
    const { finish, operations } = hangingWorker();
    const { path, server } = await serve({ operations });
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

  it("does not wait for ever for a call that hangs", async () => {
    const { finish, operations } = hangingWorker();
    const { path, server } = await serve({ operations, stopTimeoutMs: 30 });
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
