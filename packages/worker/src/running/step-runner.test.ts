import { describe, expect, it } from "vitest";
import { createTestRunner, reasonIn, testBody } from "../testing/test-runner.js";
import { ClaimLostError, DrainTimeoutError } from "../claiming/in-flight-steps.js";
import { type StepHandlerContext } from "./step-handler.js";
import { StepNotRunnableError } from "../settling/step-not-runnable-error.js";
import { claimedMessage } from "../testing/claimed-message.js";

describe("a step that succeeds", () => {
  it("is archived, and its handler received everything it needs", async () => {
    const calls: [unknown, StepHandlerContext][] = [];
    const { start, outcomes, slots } = createTestRunner({
      handler: async (...call) => void calls.push(call),
    });
    const headers = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    await start({ readCount: 2, headers });
    expect(outcomes()).toEqual([{ kind: "completed" }]);
    expect(slots.free()).toBe(2);
    const [input, { step, initialization, signal }] = calls[0]!;
    expect(input).toEqual({ amount: 12 });
    expect(step).toEqual({
      step_id: "step-1",
      step_name: "validate",
      template: testBody.template,
      attempt: 2,
      max_attempts: 3,
      enqueued_at: testBody.enqueued_at,
      headers,
    });
    expect(initialization).toEqual({ url: "https://gateway.example.com" });
    expect(signal.aborted).toBe(false);
  });

  it("is given null when its message has no input", async () => {
    const inputs: unknown[] = [];
    const { start } = createTestRunner({ handler: async (input) => void inputs.push(input) });
    const { input, ...withoutInput } = testBody;
    expect(input).toBeDefined();
    await start({ body: withoutInput });
    expect(inputs).toEqual([null]);
  });

  it("occupies a slot while it runs", async () => {
    const { clock, start, slots, inFlight } = createTestRunner({
      handler: () => new Promise(() => undefined),
    });
    await start();
    expect([slots.counts().busy, inFlight.size]).toEqual([1, 1]);
    await clock.advance(6_001);
    expect(slots.counts()).toEqual({ total: 2, busy: 1, overdue: 1 });
  });
});

describe("a message is dead-lettered without a run", () => {
  it.each([
    ["it cannot be read", { body: { step_id: 7 } }, "unreadable_message"],
    [
      "its handler would get other numbers than were sent",
      { inexact: ["input.id"] },
      "inexact_number",
    ],
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
  const notFound = new StepNotRunnableError(
    "template_not_found",
    "There is no template payments/refund 1.0.0.",
  );

  it.each([
    [
      "at once",
      () => {
        throw notFound;
      },
    ],
    ["after a while", () => Promise.reject(notFound)],
  ])("goes back without using up an attempt, found out %s", async (_what, findPlan) => {
    const { start, outcomes, slots, context } = createTestRunner({ findPlan });
    await start({ readCount: 3 });
    expect(outcomes()).toEqual([
      {
        kind: "released",
        delayMs: 500,
        firstRelease: { first_at: "1970-01-01T00:00:00.040Z", attempts: 2 },
      },
    ]);
    expect(slots.free()).toBe(2);
    expect(context.steps.window()).toMatchObject({
      samples: 0,
      errors: 0,
      in_flight: 0,
      released: 1,
    });
  });

  it("is dead-lettered after too long, with what was missing and what to do", async () => {
    const { start, outcomes, slots, context } = createTestRunner({
      findPlan: () => Promise.reject(notFound),
      releaseLimitSeconds: 0,
    });
    await start();
    expect(reasonIn(outcomes()[0])).toEqual({
      code: "template_not_found",
      message: `${notFound.message} Deploy a worker that has what is missing, then retry this dead letter.`,
    });
    expect(slots.free()).toBe(2);
    expect(context.steps.window()).toMatchObject({ samples: 1, errors: 1, in_flight: 0 });
  });

  it("is run like any other when a handler throws such an error itself", async () => {
    const { start, outcomes } = createTestRunner({ handler: () => Promise.reject(notFound) });
    await start();
    expect(outcomes()).toEqual([{ kind: "retried", delayMs: 1_000, hasRun: true }]);
  });
});

describe("a step that is aborted", () => {
  it("whose claim was lost writes no outcome", async () => {
    const { clock, start, outcomes, inFlight } = createTestRunner({
      handler: () => new Promise(() => undefined),
    });
    await start();
    inFlight.abortAll(new ClaimLostError("lost"));
    await clock.advance(0);
    expect(outcomes()).toEqual([{ kind: "claim_lost" }]);
  });

  it("because the drain timed out goes to another worker immediately, and its attempt counts", async () => {
    const { clock, start, outcomes, inFlight } = createTestRunner({
      handler: () => new Promise(() => undefined),
    });
    await start();
    inFlight.abortAll(new DrainTimeoutError("stopping"));
    await clock.advance(0);
    expect(outcomes()).toEqual([{ kind: "retried", delayMs: 0, hasRun: true }]);
  });

  it("before its handler was called never calls it, uses no attempt and frees the slot", async () => {
    let runs = 0;
    let found: () => void = () => undefined;
    const test = createTestRunner({
      handler: async () => void (runs += 1),
      findPlan: () => new Promise((resolve) => (found = () => resolve(test.plan))),
    });
    await test.start();
    test.inFlight.abortAll(new DrainTimeoutError("stopping"));
    found();
    await test.clock.advance(0);
    expect([test.outcomes(), runs, test.slots.free()]).toEqual([
      [{ kind: "retried", delayMs: 0, hasRun: false }],
      0,
      2,
    ]);
  });
});

it("a step that comes in while the worker drains is released without running", async () => {
  const { runner, outcomes, slots } = createTestRunner();
  runner.release("payments", claimedMessage({ body: testBody }));
  expect([outcomes(), slots.free()]).toEqual([[{ kind: "retried", delayMs: 0, hasRun: false }], 2]);
});

it("a step that is claimed again while in flight goes on, and is neither run twice nor released", async () => {
  let runs = 0;
  const claim = claimedMessage({ readCount: 2, body: testBody });
  const { start, runner, outcomes, inFlight, slots, context } = createTestRunner({
    handler: () => new Promise(() => (runs += 1)),
  });
  await start();
  await start({ readCount: 2 });
  runner.release("payments", { ...claim, readCount: 3 });
  expect([runs, inFlight.size, slots.free(), context.steps.window().in_flight, outcomes()]).toEqual(
    [1, 1, 1, 1, []],
  );
});

it("releases, and does not start, what has waited for a slot so long that others may have it", async () => {
  const ends: (() => void)[] = [];
  const { clock, start, outcomes } = createTestRunner({
    handler: () => new Promise<void>((resolve) => ends.push(resolve)),
  });
  for (const messageId of ["1", "2", "3"]) await start({ messageId });
  await clock.advance(200);
  ends[0]?.();
  await clock.advance(0);
  expect(ends).toHaveLength(2);
  expect(outcomes()).toContainEqual({ kind: "retried", delayMs: 0, hasRun: false });
});
