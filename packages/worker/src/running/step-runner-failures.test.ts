import { describe, expect, it } from "vitest";
import { createTestRunner, reasonIn } from "../testing/test-runner.js";
import { PermanentStepError } from "./step-handler.js";

describe("a step that fails", () => {
  it("waits by its template's backoff before the next attempt", async () => {
    const { start, outcomes } = createTestRunner({
      handler: () => Promise.reject(new Error("no")),
      retry: { max_attempts: 4, backoff: "fibonacci", backoff_base_ms: 100 },
    });
    for (const readCount of [1, 2, 3]) await start({ readCount });
    expect(outcomes()).toEqual(
      [100, 100, 200].map((delayMs) => ({ kind: "retried", delayMs, hasRun: true })),
    );
  });

  it("is dead-lettered after its last attempt, with the reason", async () => {
    const { start, outcomes } = createTestRunner({
      handler: () => Promise.reject(Object.assign(new Error("No funds."), { code: "no_funds" })),
    });
    await start({ readCount: 3 });
    expect(outcomes()).toMatchObject([
      {
        kind: "dead_lettered",
        metadata: {
          reason: { code: "no_funds", message: "No funds." },
          queue_name: "payments_queue",
          msg_id: "7",
          attempts: 3,
          worker_id: "w-1",
          dead_lettered_at: "2025-01-01T00:00:00.000Z",
        },
      },
    ]);
  });

  it.each([
    ["max_attempts is 0", { max_attempts: 0 }],
    ["max_attempts is 1", { max_attempts: 1 }],
    ["it is not retryable", { retryable: false, max_attempts: 9 }],
  ])("is dead-lettered after one attempt where %s", async (_what, retry) => {
    const { start, outcomes } = createTestRunner({
      handler: () => Promise.reject(new Error("no")),
      retry,
    });
    await start();
    expect(reasonIn(outcomes()[0])).toEqual({ code: "step_failed", message: "no" });
  });

  it("is dead-lettered immediately when its error is permanent", async () => {
    const { start, outcomes } = createTestRunner({
      handler: () => Promise.reject(new PermanentStepError("The order is cancelled.")),
    });
    await start();
    expect(reasonIn(outcomes()[0])).toEqual({
      code: "step_failed",
      message: "The order is cancelled.",
    });
  });

  it("by its time-out keeps its slot until the handler has left", async () => {
    let leave: () => void = () => undefined;
    const { start, clock, outcomes, slots } = createTestRunner({
      handler: () => new Promise<void>((resolve) => (leave = resolve)),
      retry: { max_attempts: 1 },
    });
    await start();
    await clock.advance(1_000);
    expect(reasonIn(outcomes()[0])).toEqual({
      code: "step_timeout",
      message: "The handler did not finish within 1000 ms.",
    });
    expect(slots.free()).toBe(1);
    leave();
    await clock.advance(0);
    expect(slots.free()).toBe(2);
  });

  it("is logged again with its handler when the handler ignores its signal past the time-out, and again when it ends", async () => {
    let leave: () => void = () => undefined;
    const { start, clock, lines, fields } = createTestRunner({
      handler: () => new Promise<void>((resolve) => (leave = resolve)),
    });
    await start();
    await clock.advance(6_000);
    leave();
    await clock.advance(0);
    expect(lines.map((line) => line.slice(0, 40))).toEqual([
      "warn step failed and will be retried",
      "warn a handler is still running although",
      "warn a handler that kept running after i",
    ]);
    const warning = {
      queue: "payments_queue",
      message_id: "7",
      step: "refund/validate",
      step_id: "step-1",
      handler: "Refunds::Validate",
      timeout_ms: 1_000,
    };
    expect(fields.slice(1)).toEqual([warning, { ...warning, late_ms: 5_000 }]);
  });

  it("is not logged again when its handler observes its signal", async () => {
    const { start, clock, lines } = createTestRunner({
      handler: (_input, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new Error("aborted"))),
        ),
    });
    await start();
    await clock.advance(60_000);
    expect(lines).toEqual(["warn step failed and will be retried"]);
  });

  it("with an error that cannot be read is retried like any other", async () => {
    const hostile = Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("hostile");
      },
    });
    const { start, outcomes } = createTestRunner({ handler: () => Promise.reject(hostile) });
    await start();
    expect(outcomes()).toEqual([{ kind: "retried", delayMs: 1_000, hasRun: true }]);
  });
});

/** Tells so many times what it is, and throws ever after. */
function throwingProxy(answers: number): Error {
  let left = answers;
  return new Proxy(new Error("x"), {
    getPrototypeOf(target) {
      left -= 1;
      if (left < 0) throw new Error("hostile");
      return Reflect.getPrototypeOf(target);
    },
  });
}

describe("a step that fails with a proxy whose traps throw", () => {
  it.each([
    ["at once", 0],
    ["later", 1],
  ])("is retried like any other, the proxy throwing %s", async (_when, answers) => {
    const { start, outcomes, slots } = createTestRunner({
      handler: () => Promise.reject(throwingProxy(answers)),
    });
    await start();
    expect([outcomes(), slots.free()]).toEqual([
      [{ kind: "retried", delayMs: 1_000, hasRun: true }],
      2,
    ]);
  });
});
