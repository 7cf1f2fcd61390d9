import { type Clock, createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { createReleasePolicy } from "../settling/release-policy.js";
import { createInFlightSteps, type InFlightSteps } from "../claiming/in-flight-steps.js";
import { createOverrunningHandlers } from "../running/overrunning-handlers.js";
import type { Outcome, OutcomeEvent } from "../settling/outcome.js";
import type { OutcomeWriter } from "../settling/outcome-writer.js";
import { type ResolvedRetry, retryDefaults } from "@tasker-observability/templates";
import { createPrefetchBuffer } from "../claiming/prefetch-buffer.js";
import { createSlots } from "../claiming/slots.js";
import type { StepHandler } from "../running/step-handler.js";
import type { FindStepPlan, FinishedAttempt } from "../running/step-plan.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import { StepRunner } from "../running/step-runner.js";
import { claimedMessage } from "./claimed-message.js";

/** The message that is claimed, unless a test says otherwise. */
export const testBody = {
  step_id: "step-1",
  template: { namespace: "payments", name: "refund", version: "1.0.0" },
  step_name: "validate",
  input: { amount: 12 },
  enqueued_at: "2025-01-01T00:00:00.000Z",
};

interface TestOptions {
  readonly handler?: StepHandler;
  readonly retry?: Partial<ResolvedRetry>;
  readonly findPlan?: FindStepPlan;
  readonly releaseLimitSeconds?: number;
}

/** A runner of two slots whose outcomes are kept instead of written. */
export function createTestRunner({
  handler = async () => undefined,
  retry,
  findPlan,
  releaseLimitSeconds = 600,
}: TestOptions = {}) {
  const clock = createFakeClock();
  const { context, lines, fields } = createLoggedContext(clock);
  const inFlight = createInFlightSteps({ clock });
  const slots = createSlots({ total: 2, clock });
  const prefetched = createPrefetchBuffer({ bufferSize: 1_000, concurrency: 2, clock });
  const { writer, outcomes } = createKeepingWriter(inFlight);
  const published: FinishedAttempt[] = [];
  const plan = {
    handlerName: "Refunds::Validate",
    handler,
    initialization: { url: "https://gateway.example.com" },
    timeoutMs: 1_000,
    retry: { ...retryDefaults, ...retry },
    eventsOf: (attempt: FinishedAttempt): readonly OutcomeEvent[] => {
      published.push(attempt);
      return [];
    },
  };
  const runner = new StepRunner({
    context,
    inFlight,
    slots,
    prefetched,
    wakeup: { notify: () => undefined },
    overrunningHandlers: createOverrunningHandlers(context),
    completionHistory: { lastCompletedAtMs: () => Promise.resolve(null) },
    releasePolicy: createReleasePolicy({
      limitSeconds: releaseLimitSeconds,
      clock,
      logger: context.logger,
      random: () => 1,
    }),
    findPlan: findPlan ?? (() => plan),
    writer,
  });
  const start = async (claim: Partial<ClaimedMessage> = {}): Promise<void> => {
    runner.start("payments", claimedMessage({ ageMs: 40, body: testBody, ...claim }));
    await clock.advance(0);
  };
  return {
    clock,
    context,
    inFlight,
    slots,
    prefetched,
    runner,
    start,
    lines,
    fields,
    published,
    outcomes,
    plan,
  };
}

/** A context that keeps what is logged. */
function createLoggedContext(clock: Clock) {
  const lines: string[] = [];
  const fields: unknown[] = [];
  const context = createWorkerContext({
    workerId: "w-1",
    clock,
    logger(level, message, values) {
      lines.push(`${level} ${message}`);
      fields.push(values);
    },
  });
  return { context, lines, fields };
}

/** A writer that keeps the outcomes, and writes none. */
function createKeepingWriter(inFlight: InFlightSteps) {
  const written: Outcome[] = [];
  const writer: OutcomeWriter = {
    write(step, outcome) {
      written.push(outcome);
      inFlight.remove(step);
    },
    refusals: () => null,
    refusedSteps: () => 0,
    close: () => undefined,
  };
  return { writer, outcomes: (): readonly Outcome[] => written };
}

/** Why a step was given up; its whole outcome where it was not. */
export function reasonIn(outcome: Outcome | undefined): unknown {
  return outcome?.kind === "dead_lettered" ? outcome.metadata.reason : outcome;
}
