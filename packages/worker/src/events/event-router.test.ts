import { silentLogger } from "@tasker-observability/core";
import { describe, expect, it, vi } from "vitest";
import type { DeliveryMode, DomainEvent } from "./domain-event.js";
import { EventRouter } from "./event-router.js";
import { InProcessEventBus } from "./in-process-event-bus.js";

const event: DomainEvent = {
  event_id: "1",
  event_name: "payment.processed",
  payload: {},
  metadata: {
    step_id: "1",
    step_name: "s",
    template: { namespace: "n", name: "t", version: "1.0.0" },
    attempt: 1,
    worker_id: "w",
    fired_at: "2026-01-01T00:00:00.000Z",
  },
};

function createRouter() {
  const bus = new InProcessEventBus({ logger: silentLogger });
  const heard = vi.fn();
  bus.subscribe("*", heard);
  return { router: new EventRouter({ bus, logger: silentLogger }), heard, bus };
}

function countOf(router: EventRouter, delivery: DeliveryMode, outcome: string): number | undefined {
  return router
    .statistics()
    .deliveries.find((one) => one.delivery === delivery && one.outcome === outcome)?.count;
}

describe("the event router", () => {
  it.each([
    ["durable", 0],
    ["fast", 1],
    ["broadcast", 1],
  ] as const)("sends %s events to subscribers %i times", async (mode, delivered) => {
    const { router, heard } = createRouter();
    router.route(event, mode);
    await vi.waitFor(() => expect(countOf(router, mode, "delivered")).toBe(1));
    expect(heard).toHaveBeenCalledTimes(delivered);
    expect(router.statistics().router).toMatchObject({
      total_routed: 1,
      [`${mode}_routed`]: 1,
      routing_errors: 0,
      fast_delivery_errors: 0,
    });
  });

  it.each([
    ["durable", 0],
    ["broadcast", 1],
  ] as const)("counts a %s event that could not be written", async (mode, delivered) => {
    const { router, heard } = createRouter();
    router.route(event, mode, new Error("no JSON"));
    await vi.waitFor(() => expect(countOf(router, mode, "failed")).toBe(1));
    expect([heard.mock.calls.length, router.statistics().router.routing_errors]).toEqual([
      delivered,
      1,
    ]);
  });

  it("does not wait for subscribers", () => {
    const { router, bus } = createRouter();
    bus.subscribe("*", () => new Promise(() => undefined));
    router.route(event, "fast");
    expect(countOf(router, "fast", "delivered")).toBe(0);
  });

  it("counts fast deliveries that failed", async () => {
    const { router, bus } = createRouter();
    bus.subscribe("*", () => Promise.reject(new Error("broken")));
    router.route(event, "fast");
    await vi.waitFor(() => expect(countOf(router, "fast", "failed")).toBe(1));
    expect(router.statistics().router.fast_delivery_errors).toBe(1);
  });
});
