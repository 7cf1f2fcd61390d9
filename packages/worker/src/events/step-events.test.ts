import { silentLogger } from "@tasker-observability/core";
import type { TaskStep } from "@tasker-observability/templates";
import { describe, expect, it } from "vitest";
import type { AttemptEnd } from "../steps/step-plan.js";
import type { DomainEvent } from "./domain-event.js";
import { EventRouter } from "./event-router.js";
import { InProcessEventBus } from "./in-process-event-bus.js";
import { type EventPublisher, StepEvents } from "./step-events.js";

const info = {
  step_id: "s-1",
  step_name: "charge",
  template: { namespace: "payments", name: "card", version: "1.0.0" },
  attempt: 2,
  max_attempts: 3,
  enqueued_at: "2026-01-01T00:00:00.000Z",
  headers: null,
};
const success: AttemptEnd = { kind: "success", result: { amount: 5 } };
const retryable: AttemptEnd = {
  kind: "retryable_failure",
  reason: { code: "step_failed", message: "no answer" },
};
const permanent: AttemptEnd = {
  kind: "permanent_failure",
  reason: { code: "declined", message: "declined" },
};

function setUp(publishers: Record<string, EventPublisher> = {}) {
  const written: DomainEvent[] = [];
  const reasons: string[] = [];
  const router = new EventRouter({
    bus: new InProcessEventBus({ logger: silentLogger }),
    publishDurably: async (event) => void written.push(event),
    logger: silentLogger,
  });
  const events = new StepEvents({
    router,
    publishers,
    workerId: "w-1",
    timestamp: () => "2026-01-02T00:00:00.000Z",
    logger: (_level, _message, fields) => void reasons.push(String(fields?.error)),
  });
  const publish = async (
    declared: TaskStep["publishes_events"],
    end: AttemptEnd,
  ): Promise<DomainEvent[]> => {
    await events.publish(
      { name: "charge", handler: { callable: "c" }, publishes_events: declared },
      { step: info, input: {}, end },
    );
    return written;
  };
  return { publish, router, reasons };
}

describe("the events of a step", () => {
  it.each([
    ["success", success, true],
    ["success", retryable, false],
    ["failure", retryable, true],
    ["failure", permanent, true],
    ["failure", success, false],
    ["retryable_failure", retryable, true],
    ["retryable_failure", permanent, false],
    ["permanent_failure", permanent, true],
    ["permanent_failure", retryable, false],
    ["always", success, true],
    ["always", permanent, true],
  ] as const)("with condition %s after %o: published %s", async (condition, end, published) => {
    const { publish } = setUp();
    expect(await publish([{ name: "payment.done", condition }], end)).toHaveLength(
      published ? 1 : 0,
    );
  });

  it("declared by name alone are durable, on success, with the handler's result as payload", async () => {
    const { publish } = setUp();
    expect(await publish(["payment.done"], success)).toEqual([
      {
        event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        event_name: "payment.done",
        payload: { amount: 5 },
        metadata: {
          step_id: "s-1",
          step_name: "charge",
          template: info.template,
          attempt: 2,
          worker_id: "w-1",
          fired_at: "2026-01-02T00:00:00.000Z",
        },
      },
    ]);
  });

  it("tell of a failure by code and message", async () => {
    const { publish } = setUp();
    const [event] = await publish([{ name: "payment.failed", condition: "failure" }], permanent);
    expect(event?.payload).toEqual({
      error_code: "declined",
      error_message: "declined",
      failed_at: "2026-01-02T00:00:00.000Z",
    });
  });

  it("have their payload built by the publisher that they name", async () => {
    const { publish } = setUp({
      "Payments::Publisher": ({ event, end }) => ({ event, end: end.kind }),
    });
    const [event] = await publish(
      [{ name: "payment.done", publisher: "Payments::Publisher" }],
      success,
    );
    expect(event?.payload).toEqual({ event: "payment.done", end: "success" });
  });

  it("are refused and counted where the payload does not fit the schema", async () => {
    const { publish, router } = setUp();
    expect(
      await publish(
        [
          {
            name: "payment.done",
            schema: {
              type: "object",
              required: ["transaction_id"],
              properties: { amount: { type: "string" } },
            },
          },
        ],
        success,
      ),
    ).toEqual([]);
    expect(router.statistics().router.routing_errors).toBe(1);
    expect(router.statistics().deliveries).toContainEqual({
      delivery: "durable",
      outcome: "failed",
      count: 1,
    });
  });

  it.each([
    ["durable", { a: [1n] }, "payload.a[0] is a BigInt"],
    ["fast", { a: 1n }, "payload.a is a BigInt"],
    ["broadcast", Number.NaN, "payload is NaN"],
    ["durable", { a: -Infinity }, "payload.a is -Infinity"],
  ] as const)(
    "are refused by path, %s ones too, where JSON would change a number: %o",
    async (delivery_mode, result, reason) => {
      const { publish, router, reasons } = setUp();
      const end: AttemptEnd = { kind: "success", result };
      expect(await publish([{ name: "payment.done", delivery_mode }], end)).toEqual([]);
      expect(reasons).toEqual([
        `InexactNumberError: ${reason}, which JSON has no form for: give it as text.`,
      ]);
      expect(router.statistics().router.routing_errors).toBe(1);
    },
  );

  it("are refused and counted where their publisher throws or their schema is none", async () => {
    const { publish, router } = setUp({
      broken: () => {
        throw new Error("broken");
      },
    });
    await publish(
      [
        { name: "a", publisher: "broken" },
        { name: "b", schema: { type: "no-such-type" } },
      ],
      success,
    );
    expect(router.statistics().router.routing_errors).toBe(2);
  });
});
