import { createWorkerContext } from "@tasker-observability/core";
import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createObservability } from "../observability.js";
import type { SocketServerOptions } from "../socket-server-options.js";
import { openRaw } from "../testing/raw-socket.js";
import { rpc, serveSocket } from "../testing/serve-socket.js";

describe("a slow or broken client", () => {
  /** Every answer is half a megabyte; the bus shows whether the client is still connected. */
  async function serveWordily(options: Partial<SocketServerOptions> = {}) {
    const seen = { runs: 0, subscribers: 0 };
    const text = async () => ((seen.runs += 1), "x".repeat(500_000));
    const base = createObservability({ context: createWorkerContext() }).operations;
    const events = {
      subscribe: () => ((seen.subscribers += 1), () => void (seen.subscribers -= 1)),
    };
    const { path } = await serveSocket({
      operations: { ...base, metrics_prometheus: { ...base.metrics_prometheus!, run: text } },
      events,
      ...options,
    });
    const slow = await openRaw(path);
    slow.send(rpc("subscribed", "events_subscribe", { pattern: "*" }));
    await slow.answer("subscribed");
    slow.socket.pause();
    const ask = (from: number, to: number) => {
      for (let id = from; id < to; id += 1) slow.send(rpc(id, "metrics_prometheus"));
    };
    return { seen, path, slow, ask };
  }

  it("that reads nothing gets no further requests until it does, and delays nobody", async () => {
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

  it("that still reads nothing is disconnected", async () => {
    const { seen, slow, ask } = await serveWordily({ idleTimeoutMs: 20 });
    ask(0, 4);
    await waitFor(() => seen.subscribers === 0, { what: "being cut off" });
    slow.socket.resume();
    await waitFor(() => slow.closed(), { what: "the end" });
    expect(slow.frames.length).toBeLessThan(5);
  });

  it("that requests more than it could ever buffer is disconnected at once", async () => {
    const { seen, ask } = await serveWordily();
    ask(0, 60);
    await waitFor(() => seen.subscribers === 0, { what: "being cut off" });
  });

  it("that disconnects in the middle of a frame, or sends garbage, affects no other", async () => {
    const { path } = await serveSocket();
    const other = await openRaw(path);
    for (const rubbish of [
      '{"jsonrpc":',
      Buffer.from([0, 0xff, 0xfe, 0x0a]),
      "GET /health HTTP/1.1\r\n\r\n",
    ]) {
      const client = await openRaw(path);
      client.send(rubbish);
      client.socket.destroy();
    }
    other.send(rpc(1, "health_basic"));
    expect((await other.answer(1)).result.status).toBe("healthy");
  });

  it("that subscribes and does not read loses events, and other subscribers lose none", async () => {
    const subscribers: ((event: unknown) => boolean)[] = [];
    const events = {
      subscribe: (_pattern: string, deliver: (event: unknown) => boolean) => (
        subscribers.push(deliver),
        () => undefined
      ),
    };
    const { path } = await serveSocket({ events });
    const [slow, other] = await Promise.all([openRaw(path), openRaw(path)]);
    for (const client of [slow, other]) {
      client.send(rpc("subscribed", "events_subscribe", { pattern: "*" }));
      await client.answer("subscribed");
    }
    slow.socket.pause();
    let published = 0;
    let lost = false;
    while (!lost) {
      lost = !subscribers[0]!({ number: (published += 1), padding: "x".repeat(10_000) });
      expect(subscribers[1]!({ number: published })).toBe(true);
    }
    await waitFor(() => other.frames.length === published + 1, { what: "all events at the other" });
    slow.socket.resume();
    await waitFor(() => slow.frames.length === published, { what: "what fitted" });
    subscribers[0]!("after the loss");
    await waitFor(() => slow.lines.at(-1)?.includes("after the loss"), { what: "the next event" });
    expect(JSON.parse(slow.lines.at(-1)!)).toMatchObject({
      method: "event",
      params: { dropped: 1 },
    });
  });
});
