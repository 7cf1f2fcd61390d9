import { silentLogger } from "@tasker-observability/core";
import { completeTemplate, type TaskStep } from "@tasker-observability/templates";
import { describe, expect, it, vi } from "vitest";
import type { AttemptEnd } from "../running/step-plan.js";
import type { OutcomeEvent } from "../settling/outcome.js";
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

const circle: Record<string, unknown> = {};
circle.circle = circle;

function setUp(publishers: Record<string, EventPublisher> = {}) {
  const reasons: string[] = [];
  const bus = new InProcessEventBus({ logger: silentLogger });
  const heard: DomainEvent[] = [];
  bus.subscribe("*", (event) => void heard.push(event));
  const router = new EventRouter({ bus, logger: silentLogger });
  const events = new StepEvents({
    router,
    publishers,
    workerId: "w-1",
    timestamp: () => "2026-01-02T00:00:00.000Z",
    logger: (_level, _message, fields) => void reasons.push(String(fields?.error)),
  });
  const make = (
    declared: TaskStep["publishes_events"],
    end: AttemptEnd = success,
  ): readonly OutcomeEvent[] =>
    completeTemplate(
      {
        name: "card",
        namespace_name: "payments",
        version: "1.0.0",
        steps: [{ name: "charge", handler: { callable: "c" }, publishes_events: declared }],
      },
      { timeoutSeconds: null },
    ).steps.flatMap((step) => events.eventsOf(step, { step: info, input: {}, end }));
  /** What is written with the outcome. */
  const publish = (declared: TaskStep["publishes_events"], end: AttemptEnd): DomainEvent[] =>
    make(declared, end).map(({ durable }) => JSON.parse(durable?.text ?? "null") as DomainEvent);
  return { publish, make, router, heard, reasons };
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
  ] as const)("with condition %s after %o: published %s", (condition, end, published) => {
    const { publish } = setUp();
    expect(publish([{ name: "payment.done", condition }], end)).toHaveLength(published ? 1 : 0);
  });

  it("declared by name alone are durable, on success, with the handler's result as payload", () => {
    const { publish } = setUp();
    expect(publish(["payment.done"], success)).toEqual([
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

  it("report a failure by code and message", () => {
    const { publish } = setUp();
    const [event] = publish([{ name: "payment.failed", condition: "failure" }], permanent);
    expect(event?.payload).toEqual({
      error_code: "declined",
      error_message: "declined",
      failed_at: "2026-01-02T00:00:00.000Z",
    });
  });

  it("have their payload built by the publisher that they name", () => {
    const { publish } = setUp({
      "Payments::Publisher": ({ event, end }) => ({ event, end: end.kind }),
    });
    const [event] = publish([{ name: "payment.done", publisher: "Payments::Publisher" }], success);
    expect(event?.payload).toEqual({ event: "payment.done", end: "success" });
  });

  it("are refused and counted when the payload does not fit the schema", () => {
    const { publish, router } = setUp();
    expect(
      publish(
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
    (delivery_mode, result, reason) => {
      const { publish, router, reasons } = setUp();
      const end: AttemptEnd = { kind: "success", result };
      expect(publish([{ name: "payment.done", delivery_mode }], end)).toEqual([]);
      expect(reasons).toEqual([
        `InexactNumberError: ${reason}, which JSON cannot represent: pass it as a string.`,
      ]);
      expect(router.statistics().router.routing_errors).toBe(1);
    },
  );

  it("are refused and counted when their publisher throws or their schema is invalid", () => {
    const { publish, router } = setUp({
      broken: () => {
        throw new Error("broken");
      },
    });
    publish(
      [
        { name: "a", publisher: "broken" },
        { name: "b", schema: { type: "no-such-type" } },
      ],
      success,
    );
    expect(router.statistics().router.routing_errors).toBe(2);
  });

  it("lie on the queue of their template's namespace", () => {
    const { make } = setUp();
    expect(make(["payment.done"])[0]?.durable?.queueName).toBe("payments_domain_events");
  });

  it.each(["durable", "fast", "broadcast"] as const)(
    "reach no subscriber before their outcome is written: %s",
    async (delivery_mode) => {
      const { make, router, heard } = setUp();
      const [event] = make([{ name: "payment.done", delivery_mode }]);
      await Promise.resolve();
      expect([heard, router.statistics().router.total_routed]).toEqual([[], 0]);
      expect(event!.durable === null).toBe(delivery_mode === "fast");
      event!.onWritten();
      await vi.waitFor(() =>
        expect(router.statistics().deliveries).toContainEqual({
          delivery: delivery_mode,
          outcome: "delivered",
          count: 1,
        }),
      );
      expect(heard).toHaveLength(delivery_mode === "durable" ? 0 : 1);
    },
  );

  it("that no database can store are reported one by one, and broadcast ones still reach their subscribers", async () => {
    const { make, router, heard } = setUp({ round: () => circle });
    const events = make([
      { name: "a", publisher: "round" },
      "b",
      { name: "c", publisher: "round", delivery_mode: "broadcast" },
      { name: "d", publisher: "round", delivery_mode: "fast" },
    ]);
    expect(events.map(({ durable }) => durable !== null)).toEqual([false, true, false, false]);
    for (const event of events) event.onWritten();
    await vi.waitFor(() => expect(heard.map(({ event_name }) => event_name)).toEqual(["c", "d"]));
    await vi.waitFor(() =>
      expect(router.statistics().deliveries.filter(({ count }) => count > 0)).toEqual([
        { delivery: "durable", outcome: "delivered", count: 1 },
        { delivery: "durable", outcome: "failed", count: 1 },
        { delivery: "fast", outcome: "delivered", count: 1 },
        { delivery: "broadcast", outcome: "failed", count: 1 },
      ]),
    );
  });

  it("that the database refuses are counted as failed", () => {
    const { make, router } = setUp();
    make(["payment.done"])[0]!.onRejected(new Error("no LATIN1"));
    expect(router.statistics()).toMatchObject({
      router: { durable_routed: 1, routing_errors: 1 },
      deliveries: expect.arrayContaining([{ delivery: "durable", outcome: "failed", count: 1 }]),
    });
  });
});
