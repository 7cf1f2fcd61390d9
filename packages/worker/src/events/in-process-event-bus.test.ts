import { silentLogger } from "@tasker-observability/core";
import { describe, expect, it, vi } from "vitest";
import type { DomainEvent } from "./domain-event.js";
import { InProcessEventBus } from "./in-process-event-bus.js";

const event = (name: string): DomainEvent => ({
  event_id: name,
  event_name: name,
  payload: null,
  metadata: {
    step_id: "1",
    step_name: "s",
    template: { namespace: "n", name: "t", version: "1.0.0" },
    attempt: 1,
    worker_id: "w",
    fired_at: "2026-01-01T00:00:00.000Z",
  },
});

describe("the in-process event bus", () => {
  it("hands an event to every subscriber whose pattern matches, and to no other", async () => {
    const bus = new InProcessEventBus({ logger: silentLogger });
    const [payments, everything, orders] = [vi.fn(), vi.fn(), vi.fn()];
    bus.subscribe("payment.*", payments);
    bus.subscribe("*", everything);
    bus.subscribe("order.*", orders);
    expect(await bus.dispatch(event("payment.processed"))).toBe("delivered");
    expect([payments, everything, orders].map((handler) => handler.mock.calls.length)).toEqual([
      1, 1, 0,
    ]);
    expect(bus.statistics()).toMatchObject({
      total_events_dispatched: 1,
      rust_handler_dispatches: 2,
      rust_subscriber_patterns: 3,
      rust_handler_count: 3,
    });
  });

  it.each([undefined, null, "handler"])(
    "refuses %j for a handler at once, not with the first event",
    (handler) => {
      const bus = new InProcessEventBus({ logger: silentLogger });
      expect(() => bus.subscribe("*", handler as never)).toThrow(
        "subscribe takes a pattern, and a function",
      );
      expect(bus.statistics()).toMatchObject({ rust_handler_count: 0 });
    },
  );

  it("counts a subscriber that throws, logs it, and serves the others", async () => {
    const logger = vi.fn();
    const bus = new InProcessEventBus({ logger });
    const other = vi.fn();
    bus.subscribe("*", () => {
      throw new Error("broken");
    });
    bus.subscribe("*", other);
    expect(await bus.dispatch(event("a"))).toBe("failed");
    expect(other).toHaveBeenCalledOnce();
    expect(bus.statistics().rust_handler_errors).toBe(1);
    expect(logger).toHaveBeenCalledWith(
      "warn",
      expect.any(String),
      expect.objectContaining({ pattern: "*" }),
    );
  });

  it("counts every failure of a subscriber, and logs when they begin and when they end", async () => {
    const lines: string[] = [];
    const bus = new InProcessEventBus({
      logger: (level, message, fields) =>
        lines.push(`${level} ${message} ${String(fields?.pattern)}`),
    });
    bus.subscribe("a.*", ({ event_name }) => {
      if (event_name === "a.bad") throw new Error("broken");
    });
    for (const name of ["a.good", "a.bad", "a.bad", "a.bad", "a.good", "a.good", "a.bad"])
      await bus.dispatch(event(name));
    expect(lines).toEqual([
      "warn an event subscriber failed a.*",
      "info an event subscriber recovered a.*",
      "warn an event subscriber failed a.*",
    ]);
    expect(bus.statistics().rust_handler_errors).toBe(4);
  });

  it("drops for a slow subscriber what does not fit its buffer, and keeps the order of the rest", async () => {
    const bus = new InProcessEventBus({ logger: silentLogger, capacity: 2 });
    const seen: string[] = [];
    let finish: () => void = () => undefined;
    bus.subscribe("*", async ({ event_name }) => {
      seen.push(event_name);
      if (seen.length === 1) await new Promise<void>((resolve) => (finish = resolve));
    });
    const first = bus.dispatch(event("a"));
    await vi.waitFor(() => expect(seen).toEqual(["a"]));
    const later = [bus.dispatch(event("b")), bus.dispatch(event("c")), bus.dispatch(event("d"))];
    expect(bus.maxBacklog()).toBe(2);
    expect(await later[2]).toBe("dropped");
    finish();
    expect(await Promise.all([first, ...later])).toEqual([
      "delivered",
      "delivered",
      "delivered",
      "dropped",
    ]);
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("counts events that a channel accepted, and those that a full or failing one refused", async () => {
    const bus = new InProcessEventBus({ logger: silentLogger });
    bus.subscribeChannel("*", () => true);
    bus.subscribeChannel("*", () => false);
    bus.subscribeChannel("*", () => {
      throw new Error("gone");
    });
    expect(await bus.dispatch(event("a"))).toBe("dropped");
    expect(bus.statistics()).toMatchObject({
      ffi_channel_dispatches: 1,
      ffi_channel_drops: 2,
      ffi_subscriber_count: 3,
    });
  });

  it("delivers nothing more after unsubscribing", async () => {
    const bus = new InProcessEventBus({ logger: silentLogger });
    const handler = vi.fn();
    const unsubscribe = bus.subscribe("*", handler);
    unsubscribe();
    unsubscribe();
    await bus.dispatch(event("a"));
    expect(handler).not.toHaveBeenCalled();
    expect(bus.statistics().rust_handler_count).toBe(0);
  });

  it("delivers no waiting events after unsubscribing, but settles them", async () => {
    const bus = new InProcessEventBus({ logger: silentLogger });
    const seen: string[] = [];
    const unsubscribe = bus.subscribe("*", ({ event_name }) => {
      seen.push(event_name);
      if (event_name === "b") unsubscribe();
    });
    const dispatched = ["a", "b", "c", "d"].map((name) => bus.dispatch(event(name)));
    expect(await Promise.all(dispatched)).toEqual(Array(4).fill("delivered"));
    expect(seen).toEqual(["a", "b"]);
  });
});
