import { createAccessPolicy } from "@tasker-observability/core";
import { createFakeClock, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { charge } from "../testing/contract-calls.js";
import { openRaw } from "../testing/raw-socket.js";
import { createHangingOperations, rpc, serveSocket } from "../testing/serve-socket.js";

describe("a call", () => {
  it("is answered under its id, a text or a number", async () => {
    const { path } = await serveSocket();
    const client = await openRaw(path);
    client.send(rpc("a", "config_environment"));
    client.send(rpc(7, "health_live", {}));
    expect(await client.answer("a")).toEqual({ jsonrpc: "2.0", id: "a", result: "test" });
    expect((await client.answer(7)).result.status).toBe("alive");
  });

  it.each(["1.5", "-0.25", "1e-7", "9007199254740991"])(
    "is answered under the number %s as it was sent",
    async (id) => {
      const { path } = await serveSocket();
      const client = await openRaw(path);
      client.send(`{"jsonrpc":"2.0","id":${id},"method":"config_environment"}\n`);
      await waitFor(() => client.lines.length === 1, { what: "the answer" });
      expect(client.lines).toEqual([`{"jsonrpc":"2.0","id":${id},"result":"test"}`]);
    },
  );

  it("without an id is carried out and not answered", async () => {
    const { path, worker } = await serveSocket();
    const client = await openRaw(path);
    client.send({ jsonrpc: "2.0", method: "template_get", params: charge });
    client.send({ jsonrpc: "2.0", method: "nothing" });
    await waitFor(async () => (await worker.observability.cacheStats()).total_entries === 1, {
      what: "the notification",
    });
    client.send(rpc(1, "health_basic"));
    await client.answer(1);
    expect(client.frames).toHaveLength(1);
  });

  it("may come in pieces, and many in one", async () => {
    const { path } = await serveSocket();
    const client = await openRaw(path);
    const frame = Buffer.from(`${JSON.stringify(rpc("ü💡", "health_basic"))}\r\n`);
    for (const byte of frame) client.send(Buffer.from([byte]));
    client.send(
      `\n\n${JSON.stringify(rpc(1, "health_basic"))}\n${JSON.stringify(rpc(2, "health_basic"))}\n`,
    );
    await Promise.all(["ü💡", 1, 2].map((id) => client.answer(id)));
  });

  it("is still answered after the client has closed its writing end", async () => {
    const { path } = await serveSocket();
    const client = await openRaw(path, { allowHalfOpen: true });
    client.socket.end(`${JSON.stringify(rpc(1, "health_ready"))}\n`);
    expect((await client.answer(1)).result.status).toBe("healthy");
    await waitFor(() => client.closed() || client.socket.readableEnded, { what: "the end" });
  });

  it.each([
    [
      "is answered",
      JSON.stringify(rpc(1, "health_basic")),
      { id: 1, result: { status: "healthy" } },
    ],
    [
      "is rejected where it is cut off",
      JSON.stringify(rpc(1, "health_basic")).slice(0, -1),
      { id: null, error: { code: -32700 } },
    ],
  ])("that the end of the stream ends instead of a newline %s", async (_what, sent, answered) => {
    const { path } = await serveSocket();
    const client = await openRaw(path, { allowHalfOpen: true });
    client.send(`${JSON.stringify(rpc(0, "health_basic"))}\n`);
    client.socket.end(sent);
    await waitFor(() => client.socket.readableEnded, { what: "the end" });
    expect(client.frames).toMatchObject([{ id: 0 }, answered]);
  });

  it("may write if the policy allows it", async () => {
    const { path } = await serveSocket({ policy: createAccessPolicy({ socketWrites: true }) });
    const client = await openRaw(path);
    client.send(rpc(1, "templates_cache_clear"));
    expect((await client.answer(1)).result).toMatchObject({ operation: "clear", success: true });
  });

  it("that outlasts its time is answered TIMEOUT, logged, and its signal aborted", async () => {
    const { signals, operations } = createHangingOperations();
    const logger = vi.fn();
    const logged = {
      ...operations,
      health_ready: {
        ...operations.health_ready,
        context: { ...operations.health_ready.context, logger },
      },
    };
    const { path } = await serveSocket({ operations: logged, requestTimeoutMs: 20 });
    const client = await openRaw(path);
    client.send(rpc(1, "health_ready"));
    expect((await client.answer(1)).error).toMatchObject({
      code: -32000,
      message: "No answer within 20 ms.",
      data: { error: "timeout" },
    });
    expect(signals[0]?.aborted).toBe(true);
    expect(logger).toHaveBeenCalledWith("warn", "request failed", {
      request_id: "r-1",
      operation: "health_ready",
      error: "TIMEOUT",
    });
  });

  it("is answered to a client that has said all and waits, for longer than a stop would", async () => {
    const { finish, operations } = createHangingOperations();
    const clock = createFakeClock();
    const { path } = await serveSocket({ operations, clock });
    const client = await openRaw(path, { allowHalfOpen: true });
    client.socket.end(`${JSON.stringify(rpc(1, "health_ready"))}\n`);
    await waitFor(() => finish.length === 1 && clock.pendingTimers() > 0, {
      what: "the call, and the time that it has",
    });
    await clock.advance(4_000);
    finish[0]!();
    expect((await client.answer(1)).result.status).toBe("healthy");
  });

  it("is aborted when its client goes", async () => {
    const { signals, operations } = createHangingOperations();
    const { path } = await serveSocket({ operations, drainTimeoutMs: 20 });
    const client = await openRaw(path);
    client.send(rpc(1, "health_ready"));
    await waitFor(() => signals.length === 1, { what: "the call" });
    client.socket.destroy();
    await waitFor(() => signals[0]!.aborted, { what: "the signal" });
  });
});
