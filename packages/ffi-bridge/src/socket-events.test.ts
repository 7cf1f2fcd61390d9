import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import type { EventSource } from "./socket/event-source.js";
import { socketPath } from "./testing/raw-socket.js";
import { connectTo, createBus, serveWritable } from "./testing/socket-clients.js";

describe("subscribe", () => {
  it("carries matching events to another process until it is ended", async () => {
    const path = await socketPath();
    const bus = createBus();
    await serveWritable(path, { events: bus.events });
    const client = connectTo(path);
    const seen: unknown[] = [];
    const end = await client.subscribe("payment.*", (event) => seen.push(event));
    bus.publish({ event_name: "payment.processed", payload: { amount: 7 } });
    await waitFor(() => seen.length === 1, { what: "the event" });
    expect(seen).toEqual([{ event_name: "payment.processed", payload: { amount: 7 } }]);
    await end();
    expect(bus.subscribers()).toBe(0);
  });

  it("misses no event that follows at once upon the subscription", async () => {
    const path = await socketPath();
    const bus = createBus();
    const eager: EventSource = {
      subscribe(pattern, deliver) {
        queueMicrotask(() => void deliver({ event_name: "first" }));
        return bus.events.subscribe(pattern, deliver);
      },
    };
    await serveWritable(path, { events: eager });
    const seen: unknown[] = [];
    await connectTo(path).subscribe("*", (event) => seen.push(event));
    await waitFor(() => seen.length === 1, { what: "the first event" });
  });

  it("passes the listener the number of events that it lost", async () => {
    const path = await socketPath();
    const bus = createBus();
    await serveWritable(path, { events: bus.events });
    const seen: unknown[] = [];
    await connectTo(path).subscribe("*", (event, { dropped }) => seen.push([event, dropped]));
    bus.publish("first");
    bus.publish({ amount: 1n });
    bus.publish("second");
    await waitFor(() => seen.length === 2, { what: "the events" });
    expect(seen).toEqual([
      ["first", 0],
      ["second", 1],
    ]);
  });

  it("continues when the worker comes back", async () => {
    const path = await socketPath();
    const first = await serveWritable(path, { events: createBus().events });
    const client = connectTo(path);
    const seen: unknown[] = [];
    await client.subscribe("*", (event) => seen.push(event));
    await first.stop();
    const bus = createBus();
    await serveWritable(path, { events: bus.events });
    await waitFor(() => bus.subscribers() === 1, { what: "the renewed subscription" });
    bus.publish("back");
    await waitFor(() => seen.length === 1, { what: "the event" });
  });

  it("ends in the worker when the client goes", async () => {
    const path = await socketPath();
    const bus = createBus();
    await serveWritable(path, { events: bus.events });
    const client = connectTo(path);
    await client.subscribe("*", () => undefined);
    expect(bus.subscribers()).toBe(1);
    await client.close();
    await waitFor(() => bus.subscribers() === 0, { what: "the end of the subscription" });
  });

  it("survives a listener that throws, and an event that JSON cannot represent", async () => {
    const path = await socketPath();
    const bus = createBus();
    await serveWritable(path, { events: bus.events });
    const seen: unknown[] = [];
    await connectTo(path).subscribe("*", (event) => {
      seen.push(event);
      throw new Error("listener");
    });
    bus.publish({ amount: 1n });
    bus.publish("fine");
    bus.publish("again");
    await waitFor(() => seen.length === 2, { what: "the events" });
    expect(bus.outcomes).toEqual([false, true, true]);
  });

  it.each([
    ["no pattern", "a b", "INVALID_PARAMS"],
    ["a number", 7, "INVALID_PARAMS"],
    ["a bigint", 7n, "INVALID_PARAMS"],
  ])("rejects %s", async (_what, pattern, code) => {
    const path = await socketPath();
    await serveWritable(path, { events: createBus().events });
    await expect(
      connectTo(path).subscribe(pattern as never, () => undefined),
    ).rejects.toMatchObject({ code });
  });

  it("rejects a listener that is not a function", async () => {
    await expect(
      connectTo(await socketPath()).subscribe("*", undefined as never),
    ).rejects.toMatchObject({ code: "INVALID_PARAMS" });
  });

  it("is rejected by name beyond 64 on one connection", async () => {
    const path = await socketPath();
    await serveWritable(path, { events: createBus().events });
    const client = connectTo(path);
    for (let count = 0; count < 64; count += 1) await client.subscribe("*", () => undefined);
    await expect(client.subscribe("*", () => undefined)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message: expect.stringContaining("64 subscriptions"),
    });
  });
});
