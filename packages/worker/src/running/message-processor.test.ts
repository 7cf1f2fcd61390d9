import { retryDefaults } from "@tasker-observability/templates";
import { describe, expect, it } from "vitest";
import { createTestRunner, testBody } from "../testing/test-runner.js";
import { ClaimLostError, DrainTimeoutError } from "../claiming/in-flight-steps.js";
import { StepNotRunnableError } from "../settling/step-not-runnable-error.js";
import { PermanentStepError } from "./step-handler.js";

describe("the statistics", () => {
  it("have one sample an attempt, failed ones as errors, whether it came to a run or not", async () => {
    const { start, context } = createTestRunner({
      handler: async (input) => (input === "fail" ? Promise.reject(new Error("no")) : undefined),
    });
    await start();
    await start({ body: { ...testBody, input: "fail" } });
    await start({ body: "unreadable" });
    expect(context.steps.window()).toMatchObject({ samples: 3, errors: 2, in_flight: 0 });
  });

  it("are by step once its plan is found, so that no sender makes names up", async () => {
    const { start, context, plan } = createTestRunner({
      findPlan: ({ step_name: name }) => {
        if (name === "made_up") throw new StepNotRunnableError("step_not_in_template", "no");
        return plan;
      },
      releaseLimitSeconds: 0,
    });
    const records: string[] = [];
    const nothing = (): void => undefined;
    context.steps.attach({
      recorder: (...of) => ({
        started: nothing,
        finished: (outcome) => void records.push(`${of.join("/")} ${outcome}`),
        released: nothing,
      }),
    });
    await start();
    await start({ readCount: 9 });
    await start({ body: { ...testBody, step_name: "made_up" } });
    await start({ body: "unreadable" });
    expect(records).toEqual([
      "payments/refund/validate completed",
      "payments/refund/validate failed",
      "payments failed",
      "payments failed",
    ]);
  });

  it("count a step as in flight until its outcome is decided", async () => {
    const { start, context } = createTestRunner({ handler: () => new Promise(() => undefined) });
    await start();
    expect(context.steps.window().in_flight).toBe(1);
  });
});

describe("the events of a step", () => {
  it.each([
    ["success", async () => ({ ok: true }), { kind: "success", result: { ok: true } }],
    [
      "a failure that will be retried",
      () => Promise.reject(new Error("no")),
      { kind: "retryable_failure", reason: { code: "step_failed", message: "no" } },
    ],
    [
      "a permanent failure",
      () => Promise.reject(new PermanentStepError("never")),
      { kind: "permanent_failure", reason: { code: "step_failed", message: "never" } },
    ],
  ] as const)("go with the outcome of %s", async (_what, handler, end) => {
    const { start, published, outcomes, plan } = createTestRunner({ handler });
    const event = { durable: null, onWritten: () => undefined, onRejected: () => undefined };
    const { eventsOf } = plan;
    plan.eventsOf = (attempt) => [...eventsOf(attempt), event];
    await start();
    expect(published).toMatchObject([
      { end, input: { amount: 12 }, step: { step_name: "validate" } },
    ]);
    expect(outcomes()).toMatchObject([{ events: [event] }]);
  });

  it.each([
    ["whose claim was lost", new ClaimLostError("lost")],
    ["that another worker will run", new DrainTimeoutError("stopping")],
  ])("are not published for a step %s", async (_what, reason) => {
    const { clock, start, inFlight, published } = createTestRunner({
      handler: () => new Promise(() => undefined),
    });
    await start();
    inFlight.abortAll(reason);
    await clock.advance(0);
    expect(published).toEqual([]);
  });

  it("measures the wait of a step to its start, the time that it was claimed ahead included", async () => {
    const ends: (() => void)[] = [];
    const { clock, context, start } = createTestRunner({
      handler: () => new Promise<void>((resolve) => ends.push(resolve)),
    });
    const waits: number[] = [];
    context.steps.attach({
      recorder: () => ({
        started: (waitMs) => void waits.push(waitMs),
        finished: () => undefined,
        released: () => undefined,
      }),
    });
    for (const messageId of ["1", "2", "3"]) await start({ messageId });
    await clock.advance(30);
    ends[0]?.();
    await clock.advance(0);
    expect(waits).toEqual([40, 40, 70]);
  });

  it("have no sample of a step whose claim was lost before it ran", async () => {
    const { context, inFlight, start, outcomes } = createTestRunner({
      findPlan: async () => {
        for (const steps of inFlight.byQueue().values())
          for (const step of steps) step.controller.abort(new ClaimLostError("lost"));
        return {
          handlerName: "Refunds::Validate",
          handler: async () => undefined,
          initialization: {},
          timeoutMs: 1_000,
          retry: retryDefaults,
          eventsOf: null,
        };
      },
    });
    await start();
    expect(outcomes()).toEqual([{ kind: "claim_lost" }]);
    expect(context.steps.window()).toMatchObject({ samples: 0, errors: 0, in_flight: 0 });
  });
});
