import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { connectObservability } from "../socket-client.js";
import { openRaw, type RawSocket } from "../testing/raw-socket.js";
import { createHangingOperations, rpc, serveSocket } from "../testing/serve-socket.js";

const openAll = (path: string, length = 128): Promise<RawSocket[]> =>
  Promise.all(Array.from({ length }, () => openRaw(path)));

/** A socket whose every connection waits for an answer. */
async function crowd() {
  const { finish, operations } = createHangingOperations();
  const logger = vi.fn();
  const { path } = await serveSocket({ operations, logger, drainTimeoutMs: 100 });
  const clients = await openAll(path);
  for (const client of clients) client.send(rpc(1, "health_ready"));
  await waitFor(() => finish.length === 128, { what: "the calls" });
  return { path, clients, logger };
}

describe("a socket with 128 connections", () => {
  it("closes one that never said anything before one that did, and never one in use", async () => {
    const events = { subscribe: () => () => undefined };
    const { path, worker } = await serveSocket({ events });
    const others = await openAll(path, 126);
    // Connections are taken in order: once these are answered, the others are there.
    const [subscriber, asker] = await openAll(path, 2);
    subscriber!.send(rpc(1, "events_subscribe", { pattern: "*" }));
    asker!.send(rpc(1, "health_basic"));
    await Promise.all([subscriber!.answer(1), asker!.answer(1)]);
    await worker.clock.advance(5_000);
    const later = await openAll(path, 126);
    await waitFor(() => others.every((client) => client.closed()), {
      what: "the end of those that were silent",
    });
    expect([subscriber, asker, ...later].map((client) => client!.closed())).not.toContain(true);
    for (const client of later) client.send(rpc(1, "health_basic"));
    await Promise.all(later.map((client) => client.answer(1)));
    await openRaw(path);
    await waitFor(() => asker!.closed(), { what: "the end of the one that was idle longest" });
    expect(subscriber!.closed()).toBe(false);
  });

  it("closes one that has been idle for long before one that is new and has said nothing yet", async () => {
    const { path, worker } = await serveSocket();
    const idle = await openAll(path);
    for (const client of idle) client.send(rpc(1, "health_basic"));
    await Promise.all(idle.map((client) => client.answer(1)));
    await worker.clock.advance(1_000);
    const slow = await openAll(path, 3);
    await waitFor(() => idle.filter((client) => client.closed()).length === 3, {
      what: "the end of three that were idle",
    });
    for (const client of slow) client.send(rpc(1, "health_basic"));
    await Promise.all(slow.map((client) => client.answer(1)));
  });

  it("that are all in use rejects every call of a further client", async () => {
    const { path } = await crowd();
    const remote = connectObservability(path);
    onTestFinished(() => remote.close());
    for (let call = 0; call < 4; call += 1)
      await expect(remote.healthBasic()).rejects.toMatchObject({
        code: "INTERNAL",
        cause: { code: "TOO_MANY_CONNECTIONS" },
      });
  });

  it("that are all in use rejects another by name, and logs it once until one has closed", async () => {
    const { path, clients, logger } = await crowd();
    for (const late of await openAll(path, 3)) {
      expect((await late.answer(null)).error.data.error).toBe("too_many_connections");
      await waitFor(() => late.closed(), { what: "the end of the connection" });
    }
    expect(logger.mock.calls).toEqual([
      [
        "warn",
        "the socket rejects connections: all are in use",
        { error: "TOO_MANY_CONNECTIONS", connections: 128 },
      ],
    ]);
    clients[0]!.socket.destroy();
    await waitFor(
      async () => {
        const next = await openRaw(path);
        next.send(rpc(1, "health_basic"));
        await waitFor(() => next.frames.length > 0, { what: "a frame" });
        return "result" in next.frames[0]!;
      },
      { what: "the place that became free" },
    );
  });

  it("that are all in use is not reported as a dead worker", async () => {
    const { path } = await crowd();
    const client = connectObservability(path);
    onTestFinished(() => client.close());
    await expect(client.healthLive()).rejects.toMatchObject({
      code: "INTERNAL",
      cause: { code: "TOO_MANY_CONNECTIONS" },
    });
  });
});
