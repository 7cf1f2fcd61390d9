import { describe, expect, it } from "vitest";
import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { ClaimLostError, createHeldSteps, DrainTimeoutError, type HeldStep } from "./held-steps.js";
import { createLateHandlers } from "./late-handlers.js";
import type { Outcome } from "./outcome-writer.js";
import { defaultRetryPolicy, type RetryPolicy } from "./retry-schedule.js";
import { createSlots } from "./slots.js";
import { PermanentStepError, type StepHandler, type StepHandlerContext } from "./step-handler.js";
import { type FindStepPlan, type FinishedAttempt, StepPlanError } from "./step-plan.js";
import { StepRunner } from "./step-runner.js";

const body = {
  step_id: "step-1",
  template: { namespace: "payments", name: "refund", version: "1.0.0" },
  step_name: "validate",
  input: { amount: 12 },
  enqueued_at: "2025-01-01T00:00:00.000Z",
};

interface TestOptions {
  readonly handler?: StepHandler;
  readonly retry?: Partial<RetryPolicy>;
  readonly findPlan?: FindStepPlan;
}

function createTestRunner({ handler = async () => undefined, retry, findPlan }: TestOptions = {}) {
  const clock = createFakeClock();
  const lines: string[] = [];
  const fields: unknown[] = [];
  const context = createWorkerContext({
    workerId: "w-1",
    clock,
    logger(level, message, told) {
      lines.push(`${level} ${message}`);
      fields.push(told);
    },
  });
  const held = createHeldSteps();
  const slots = createSlots({ total: 2, clock, onRelease: () => undefined });
  const written: { readonly step: HeldStep; readonly outcome: Outcome }[] = [];
  const published: FinishedAttempt[] = [];
  const plan = {
    callable: "Refunds::Validate",
    handler,
    initialization: { url: "https://gateway.example.com" },
    timeoutMs: 1_000,
    retry: { ...defaultRetryPolicy, ...retry },
    publish: async (attempt: FinishedAttempt) => void published.push(attempt),
  };
  const runner = new StepRunner({
    context,
    held,
    slots,
    lateHandlers: createLateHandlers(context),
    findPlan: findPlan ?? (() => plan),
    writer: {
      write(_namespace, step, outcome) {
        written.push({ step, outcome });
        held.release(step);
      },
      close: () => undefined,
    },
  });
  const start = async (claim: { readonly body?: unknown; readonly readCount?: number } = {}): Promise<void> => {
    runner.start("payments", { queueName: "payments_queue", messageId: "7", enqueuedUs: "0", readCount: 1, ageMs: 40, body, ...claim });
    await clock.advance(0);
  };
  return { clock, context, held, slots, runner, start, lines, fields, published, outcomes: () => written.map(({ outcome }) => outcome), plan };
}

function reasonIn(outcome: Outcome | undefined): unknown {
  return outcome?.kind === "dead_letter" ? outcome.notes.reason : outcome;
}

describe("a step that succeeds", () => {
  it("is archived; its handler was told everything it needs", async () => {
    const calls: [unknown, StepHandlerContext][] = [];
    const { start, outcomes, slots } = createTestRunner({ handler: async (...call) => void calls.push(call) });
    await start({ readCount: 2 });
    expect(outcomes()).toEqual([{ kind: "archive" }]);
    expect(slots.free()).toBe(2);
    const [input, { step, initialization, signal }] = calls[0]!;
    expect(input).toEqual({ amount: 12 });
    expect(step).toEqual({ step_id: "step-1", step_name: "validate", template: body.template, attempt: 2, max_attempts: 3, enqueued_at: body.enqueued_at });
    expect(initialization).toEqual({ url: "https://gateway.example.com" });
    expect(signal.aborted).toBe(false);
  });

  it("is given null where its message has no input", async () => {
    const inputs: unknown[] = [];
    const { start } = createTestRunner({ handler: async (input) => void inputs.push(input) });
    const { input, ...withoutInput } = body;
    expect(input).toBeDefined();
    await start({ body: withoutInput });
    expect(inputs).toEqual([null]);
  });

  it("occupies a slot while it runs", async () => {
    const { clock, start, slots, held } = createTestRunner({ handler: () => new Promise(() => undefined) });
    await start();
    expect([slots.counts().busy, held.size]).toEqual([1, 1]);
    await clock.advance(6_001);
    expect(slots.counts()).toEqual({ total: 2, busy: 1, overdue: 1 });
  });
});

describe("a step that fails", () => {
  it("waits by its template's backoff before the next attempt", async () => {
    const { start, outcomes } = createTestRunner({ handler: () => Promise.reject(new Error("no")), retry: { maxAttempts: 4, backoff: "fibonacci", backoffBaseMs: 100 } });
    for (const readCount of [1, 2, 3]) await start({ readCount });
    expect(outcomes()).toEqual([100, 100, 200].map((delayMs) => ({ kind: "retry", delayMs, hasRun: true })));
  });

  it("is given up after its last attempt, with the reason", async () => {
    const { start, outcomes } = createTestRunner({ handler: () => Promise.reject(Object.assign(new Error("No funds."), { code: "no_funds" })) });
    await start({ readCount: 3 });
    expect(outcomes()).toMatchObject([
      { kind: "dead_letter", notes: { reason: { code: "no_funds", message: "No funds." }, queue_name: "payments_queue", msg_id: "7", attempts: 3, worker_id: "w-1", dead_lettered_at: "2025-01-01T00:00:00.000Z" } },
    ]);
  });

  it.each([
    ["max_attempts is 0", { maxAttempts: 0 }],
    ["max_attempts is 1", { maxAttempts: 1 }],
    ["it is not retryable", { retryable: false, maxAttempts: 9 }],
  ])("is given up after one attempt where %s", async (_what, retry) => {
    const { start, outcomes } = createTestRunner({ handler: () => Promise.reject(new Error("no")), retry });
    await start();
    expect(reasonIn(outcomes()[0])).toEqual({ code: "step_failed", message: "no" });
  });

  it("is given up at once where its error says that trying again is pointless", async () => {
    const { start, outcomes } = createTestRunner({ handler: () => Promise.reject(new PermanentStepError("The order is cancelled.")) });
    await start();
    expect(reasonIn(outcomes()[0])).toEqual({ code: "step_failed", message: "The order is cancelled." });
  });

  it("by its time-out keeps its slot until the handler has left", async () => {
    let leave: () => void = () => undefined;
    const { start, clock, outcomes, slots } = createTestRunner({ handler: () => new Promise<void>((resolve) => (leave = resolve)), retry: { maxAttempts: 1 } });
    await start();
    await clock.advance(1_000);
    expect(reasonIn(outcomes()[0])).toEqual({ code: "step_timeout", message: "The handler did not finish within 1000 ms." });
    expect(slots.free()).toBe(1);
    leave();
    await clock.advance(0);
    expect(slots.free()).toBe(2);
  });

  it("by its time-out is told of once more, with its handler, where that is deaf to its signal, and again when it ends", async () => {
    let leave: () => void = () => undefined;
    const { start, clock, lines, fields } = createTestRunner({ handler: () => new Promise<void>((resolve) => (leave = resolve)) });
    await start();
    await clock.advance(6_000);
    leave();
    await clock.advance(0);
    expect(lines.map((line) => line.slice(0, 40))).toEqual(["warn step failed and will be tried again", "warn a handler runs on though its signal", "warn a handler that ran on after its sig"]);
    const told = { queue: "payments_queue", message_id: "7", step: "refund/validate", step_id: "step-1", handler: "Refunds::Validate", timeout_ms: 1_000 };
    expect(fields.slice(1)).toEqual([told, { ...told, late_ms: 5_000 }]);
  });

  it("by its time-out is told of no more where its handler heeds its signal", async () => {
    const { start, clock, lines } = createTestRunner({ handler: (_input, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))) });
    await start();
    await clock.advance(60_000);
    expect(lines).toEqual(["warn step failed and will be tried again"]);
  });

  it("with an error that cannot be read is retried like any other", async () => {
    const hostile = Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("hostile");
      },
    });
    const { start, outcomes } = createTestRunner({ handler: () => Promise.reject(hostile) });
    await start();
    expect(outcomes()).toEqual([{ kind: "retry", delayMs: 1_000, hasRun: true }]);
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

describe("a step that fails with a proxy that throws when asked what it is", () => {
  it.each([["at once", 0], ["later", 1]])("is retried like any other, the proxy throwing %s", async (_when, answers) => {
    const { start, outcomes, slots } = createTestRunner({ handler: () => Promise.reject(throwingProxy(answers)) });
    await start();
    expect([outcomes(), slots.free()]).toEqual([[{ kind: "retry", delayMs: 1_000, hasRun: true }], 2]);
  });
});

describe("a message is given up without a run", () => {
  it.each([
    ["it cannot be read", { body: { step_id: 7 } }, "unreadable_message"],
    ["more workers died over it than it has attempts", { readCount: 4 }, "attempts_exhausted"],
  ])("where %s", async (_what, claim, code) => {
    let runs = 0;
    const { start, outcomes, slots } = createTestRunner({ handler: async () => void (runs += 1) });
    await start(claim);
    expect(reasonIn(outcomes()[0])).toMatchObject({ code });
    expect([runs, slots.free()]).toEqual([0, 2]);
  });
});

describe("a step whose plan cannot be found", () => {
  const notFound = new StepPlanError("template_not_found", "There is no template payments/refund 1.0.0.");

  it.each([
    ["at once", () => { throw notFound; }],
    ["after a while", () => Promise.reject(notFound)],
  ])("is retried, and then given up with that reason, found out %s", async (_what, findPlan) => {
    const { start, outcomes, slots } = createTestRunner({ findPlan });
    await start({ readCount: 1 });
    await start({ readCount: 3 });
    expect(outcomes()[0]).toEqual({ kind: "retry", delayMs: 1_000, hasRun: true });
    expect(reasonIn(outcomes()[1])).toEqual({ code: "template_not_found", message: notFound.message });
    expect(slots.free()).toBe(2);
  });

  it("follows the step's own policy where that could be read", async () => {
    const once = { ...defaultRetryPolicy, maxAttempts: 1 };
    const { start, outcomes } = createTestRunner({ findPlan: () => Promise.reject(new StepPlanError("handler_not_registered", "No handler.", once)) });
    await start();
    expect(reasonIn(outcomes()[0])).toMatchObject({ code: "handler_not_registered" });
  });

  it("is postponed, attempt for attempt, while templates cannot be read at all", async () => {
    const { start, outcomes } = createTestRunner({ findPlan: () => Promise.reject(new StepPlanError("template_source_unavailable", "The folder cannot be read.")) });
    await start({ readCount: 3 });
    expect(outcomes()).toEqual([{ kind: "retry", delayMs: 5_000, hasRun: false }]);
  });
});

describe("a step that is aborted", () => {
  it("because its claim was lost is nobody's to write of", async () => {
    const { clock, start, outcomes, held } = createTestRunner({ handler: () => new Promise(() => undefined) });
    await start();
    held.abortAll(new ClaimLostError("lost"));
    await clock.advance(0);
    expect(outcomes()).toEqual([{ kind: "none" }]);
  });

  it("because the drain ran out of time goes to another worker at once, and its attempt counts", async () => {
    const { clock, start, outcomes, held } = createTestRunner({ handler: () => new Promise(() => undefined) });
    await start();
    held.abortAll(new DrainTimeoutError("stopping"));
    await clock.advance(0);
    expect(outcomes()).toEqual([{ kind: "retry", delayMs: 0, hasRun: true }]);
  });

  it("before its handler was called never calls it, gives the attempt back and frees the slot", async () => {
    let runs = 0;
    let found: () => void = () => undefined;
    const test = createTestRunner({ handler: async () => void (runs += 1), findPlan: () => new Promise((resolve) => (found = () => resolve(test.plan))) });
    await test.start();
    test.held.abortAll(new DrainTimeoutError("stopping"));
    found();
    await test.clock.advance(0);
    expect([test.outcomes(), runs, test.slots.free()]).toEqual([[{ kind: "retry", delayMs: 0, hasRun: false }], 0, 2]);
  });
});

it("a step that comes in while the worker drains is given back unrun", async () => {
  const { runner, outcomes, slots } = createTestRunner();
  runner.giveBack("payments", { queueName: "payments_queue", messageId: "7", enqueuedUs: "0", readCount: 1, ageMs: 0, body });
  expect([outcomes(), slots.free()]).toEqual([[{ kind: "retry", delayMs: 0, hasRun: false }], 2]);
});

it("a step that comes in while it is held goes on as it is, and is neither run nor given back", async () => {
  let runs = 0;
  const claim = { queueName: "payments_queue", messageId: "7", enqueuedUs: "0", readCount: 2, ageMs: 0, body };
  const { start, runner, outcomes, held, slots, context } = createTestRunner({ handler: () => new Promise(() => (runs += 1)) });
  await start();
  await start({ readCount: 2 });
  runner.giveBack("payments", { ...claim, readCount: 3 });
  expect([runs, held.size, slots.free(), context.steps.window().in_flight, outcomes()]).toEqual([1, 1, 1, 1, []]);
});

describe("the statistics", () => {
  it("have one sample an attempt, failed ones as errors, whether it came to a run or not", async () => {
    const { start, context } = createTestRunner({ handler: async (input) => (input === "fail" ? Promise.reject(new Error("no")) : undefined) });
    await start();
    await start({ body: { ...body, input: "fail" } });
    await start({ body: "unreadable" });
    expect(context.steps.window()).toMatchObject({ samples: 3, errors: 2, in_flight: 0 });
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
    ["a failure that will be retried", () => Promise.reject(new Error("no")), { kind: "retryable_failure", reason: { code: "step_failed", message: "no" } }],
    ["a permanent failure", () => Promise.reject(new PermanentStepError("never")), { kind: "permanent_failure", reason: { code: "step_failed", message: "never" } }],
  ] as const)("are published for %s, before the outcome is written", async (_what, handler, end) => {
    const { start, published, outcomes, plan } = createTestRunner({ handler });
    let writtenBefore = Number.NaN;
    const publish = plan.publish;
    plan.publish = async (attempt) => {
      writtenBefore = outcomes().length;
      await publish(attempt);
    };
    await start();
    expect(published).toMatchObject([{ end, input: { amount: 12 }, step: { step_name: "validate" } }]);
    expect([writtenBefore, outcomes().length]).toEqual([0, 1]);
  });

  it.each([
    ["whose claim was lost", new ClaimLostError("lost")],
    ["that another worker will run", new DrainTimeoutError("stopping")],
  ])("are not published for a step %s", async (_what, reason) => {
    const { clock, start, held, published } = createTestRunner({ handler: () => new Promise(() => undefined) });
    await start();
    held.abortAll(reason);
    await clock.advance(0);
    expect(published).toEqual([]);
  });
});
