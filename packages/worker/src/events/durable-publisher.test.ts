import { describe, expect, it, vi } from "vitest";
import { createBreaker } from "../breakers/breaker.js";
import type { DomainEvent } from "./domain-event.js";
import { DurablePublisher } from "./durable-publisher.js";

const event = (namespace: string, id: string): DomainEvent => ({
  event_id: id,
  event_name: "a",
  payload: null,
  metadata: {
    step_id: "1",
    step_name: "s",
    template: { namespace, name: "t", version: "1.0.0" },
    attempt: 1,
    worker_id: "w",
    fired_at: "2026-01-01T00:00:00.000Z",
  },
});

describe("the durable publisher", () => {
  it("writes the events of one turn in one statement a namespace", async () => {
    const send = vi.fn(() => Promise.resolve());
    const publisher = new DurablePublisher({
      queues: { send },
      breaker: createBreaker({ name: "durable_publishing" }),
    });
    const [a, b, c] = [event("payments", "1"), event("payments", "2"), event("orders", "3")];
    await Promise.all([a, b, c].map((one) => publisher.publish(one)));
    expect(send.mock.calls).toEqual([
      ["payments_domain_events", [a, b]],
      ["orders_domain_events", [c]],
    ]);
    expect(publisher.length).toBe(0);
  });

  it("rejects every event of a batch that could not be written, and asks no more once its breaker is open", async () => {
    const send = vi.fn(() => Promise.reject(new Error("away")));
    const breaker = createBreaker({ name: "durable_publishing", failureThreshold: 2 });
    const publisher = new DurablePublisher({ queues: { send }, breaker });
    for (const id of ["1", "2", "3"])
      await expect(publisher.publish(event("payments", id))).rejects.toThrow();
    expect(send).toHaveBeenCalledTimes(2);
    expect(breaker.state()).toBe("open");
  });

  it("refuses what does not fit its buffer", async () => {
    const publisher = new DurablePublisher({
      queues: { send: () => new Promise(() => undefined) },
      breaker: createBreaker({ name: "durable_publishing" }),
    });
    for (let number = 0; number < publisher.capacity; number += 1)
      void publisher.publish(event("payments", String(number)));
    await expect(publisher.publish(event("payments", "one too many"))).rejects.toThrow(/full/);
    expect(publisher.length).toBe(publisher.capacity);
  });
});
