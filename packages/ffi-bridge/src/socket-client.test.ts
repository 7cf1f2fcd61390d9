import { createAccessPolicy } from "@tasker-observability/core";
import { bundleForNode, spawnNode, waitFor } from "@tasker-observability/testkit";
import { fileURLToPath } from "node:url";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectObservability } from "./socket-client.js";
import { socketPath } from "./testing/raw-socket.js";
import { connectTo, serveWritable } from "./testing/socket-clients.js";
import { createHangingOperations } from "./testing/serve-socket.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const charge = { namespace: "payments", name: "charge", version: "1.0.0" };

describe("connectObservability", () => {
  it("answers as the facade in the worker's own process does", async () => {
    const path = await socketPath();
    await serveWritable(path);
    const client = connectTo(path);
    const local = createSampleWorker().observability;
    expect(await client.healthBasic()).toEqual(await local.healthBasic());
    expect(await client.prometheusMetrics()).toContain("tasker_worker_info");
    expect(await client.templatesList({ includeCacheStats: true, limit: 1 })).toEqual(
      await local.templatesList({ includeCacheStats: true, limit: 1 }),
    );
    expect(await client.templateGet(charge)).toEqual(await local.templateGet(charge));
    expect(await client.config()).toEqual(await local.config());
    expect([await client.environment(), await client.ready(), await client.alive()]).toEqual([
      "test",
      true,
      true,
    ]);
    expect(await client.cacheClear()).toMatchObject({ success: true });
  });

  it("rejects with the worker's own code and message", async () => {
    const path = await socketPath();
    await serveWritable(path, { policy: createAccessPolicy() });
    const client = connectTo(path);
    await expect(client.templateGet({ ...charge, name: "none" })).rejects.toMatchObject({
      name: "ObservabilityError",
      code: "TEMPLATE_NOT_FOUND",
    });
    await expect(client.templateGet({} as never)).rejects.toMatchObject({ code: "INVALID_PARAMS" });
    await expect(client.cacheClear()).rejects.toMatchObject({ code: "CACHE_OPERATIONS_DISABLED" });
    await expect(
      client.templateGet({ ...charge, name: "x".repeat(2_000_000) }),
    ).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  });

  it("rejects only the request that exceeds a frame: the other calls on the connection are answered", async () => {
    const { finish, operations } = createHangingOperations();
    const path = await socketPath();
    await serveWritable(path, { operations });
    const client = connectTo(path);
    const waiting = client.healthReady();
    await waitFor(() => finish.length === 1, { what: "the first call" });
    await expect(
      client.templateGet({ ...charge, name: "ü".repeat(524_288) }),
    ).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    expect(await client.healthBasic()).toMatchObject({ worker_id: "slow-1" });
    finish[0]!();
    expect(await waiting).toMatchObject({ status: "healthy" });
  });

  it.each([
    ["a bigint", { limit: 1n }],
    ["a function", () => 1],
  ])("rejects %s with INVALID_PARAMS before anything is sent", async (_what, params) => {
    await expect(
      connectTo("/nonexistent/x.sock").templatesList(params as never),
    ).rejects.toMatchObject({ code: "INVALID_PARAMS" });
  });

  it("says that no worker runs if nobody listens at the path, and is neither ready nor alive", async () => {
    const client = connectTo(await socketPath());
    await expect(client.healthBasic()).rejects.toMatchObject({
      code: "WORKER_NOT_RUNNING",
      message: "Worker system not running",
    });
    expect([await client.ready(), await client.alive()]).toEqual([false, false]);
  });

  it.each([[""], [undefined], [null], [7], ["a\0b"], [`/tmp/${"x".repeat(120)}`]])(
    "refuses %j for a path at once",
    (path) => {
      expect(() => connectObservability(path as never)).toThrow(
        expect.objectContaining({ code: "INVALID_PARAMS" }),
      );
    },
  );

  it.each<[options: unknown, problem: string]>([
    [null, "connectObservability takes an object with the options timeoutMs, clock, not null."],
    [{ timeoutMs: 0 }, "timeoutMs must be a whole number from 1 to 2147483647, not 0."],
    [{ timeoutMs: -1 }, "timeoutMs must be"],
    [{ timeoutMs: Number.NaN }, "timeoutMs must be"],
    [{ timeoutMs: "5" }, "timeoutMs must be"],
    [{ timeoutMs: null }, "timeoutMs must be"],
    [
      { timeoutMz: 5 },
      'Unknown option "timeoutMz" of connectObservability. Did you mean "timeoutMs"?',
    ],
    [{ clock: {} }, "clock must be a Clock, but lacks wallMs"],
  ])("rejects the options %j at once", (options, problem) => {
    expect(() => connectObservability("/tmp/x.sock", options as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem),
      }),
    );
  });

  it("reconnects once the worker is back", async () => {
    const path = await socketPath();
    const first = await serveWritable(path);
    const client = connectTo(path);
    expect(await client.ready()).toBe(true);
    await first.stop();
    await waitFor(async () => !(await client.ready()), { what: "the loss" });
    await serveWritable(path);
    expect(await client.ready()).toBe(true);
  });

  it("rejects the calls in flight when the connection breaks", async () => {
    const path = await socketPath();
    const mute = createServer((socket) => socket.once("data", () => socket.destroy())).listen(path);
    onTestFinished(() => void mute.close());
    await expect(connectTo(path).healthBasic()).rejects.toMatchObject({
      code: "WORKER_NOT_RUNNING",
    });
  });

  it("rejects with TIMEOUT if no answer comes", async () => {
    const path = await socketPath();
    const sockets = new Set<{ destroy(): unknown }>();
    const mute = createServer((socket) => void sockets.add(socket)).listen(path);
    onTestFinished(() => (sockets.forEach((socket) => socket.destroy()), void mute.close()));
    await expect(connectTo(path, { timeoutMs: 20 }).healthBasic()).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "No answer within 20 ms.",
    });
  });

  it("ignores messages that are not answers", async () => {
    const path = await socketPath();
    const odd = createServer((socket) => {
      socket.write(
        '{\n[]\n7\n{"id":99,"result":1}\n{"method":"event"}\n{"method":"event","params":{"subscription":1}}\n',
      );
      socket.on("data", (frame) =>
        socket.write(
          `{"jsonrpc":"2.0","id":${(JSON.parse(String(frame)) as { id: number }).id},"result":"odd"}\n`,
        ),
      );
    }).listen(path);
    onTestFinished(() => void odd.close());
    expect(await connectTo(path).environment()).toBe("odd");
  });

  it("lets calls wait that a worker would reject as too many", async () => {
    const path = await socketPath();
    await serveWritable(path);
    const client = connectTo(path);
    const answers = await Promise.all(Array.from({ length: 500 }, () => client.healthBasic()));
    expect(new Set(answers.map(({ worker_id }) => worker_id))).toEqual(new Set(["sample-1"]));
  });

  it("closes for good, may be closed twice, and ends calls in flight", async () => {
    const path = await socketPath();
    await serveWritable(path);
    const client = connectTo(path);
    const running = client.healthBasic();
    await Promise.all([client.close(), client.close()]);
    await expect(running).rejects.toMatchObject({ code: "WORKER_NOT_RUNNING" });
    await expect(client.healthBasic()).rejects.toMatchObject({ code: "WORKER_NOT_RUNNING" });
    await expect(client.subscribe("*", () => undefined)).rejects.toMatchObject({
      code: "WORKER_NOT_RUNNING",
    });
  });

  it("does not keep a process alive without calls in flight", async () => {
    const path = await socketPath();
    await serveWritable(path);
    const client = fileURLToPath(new URL("./socket-client.ts", import.meta.url));
    const packageFolder = fileURLToPath(new URL("..", import.meta.url));
    const bundle = await bundleForNode(
      `import { connectObservability } from ${JSON.stringify(client)}; console.log(await connectObservability(process.argv[2]).environment());`,
      packageFolder,
    );
    onTestFinished(() => bundle.remove());
    const child = spawnNode([bundle.file, path]);
    expect(await child.waitForLine(/test/)).toBe("test");
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });
});
