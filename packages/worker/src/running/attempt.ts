import {
  InexactNumberError,
  type LogLevel,
  type StepRecorder,
  type WorkerContext,
} from "@tasker-observability/core";
import {
  type FailureReason,
  toDeadLetterMetadata,
  toFailureReason,
} from "../settling/dead-letter.js";
import type { CompletionHistory } from "../queues/completion-history.js";
import type { GiveBacks } from "../settling/give-back.js";
import {
  ClaimLostError,
  DrainTimeoutError,
  type InFlightStep,
} from "../claiming/in-flight-steps.js";
import { isInstance } from "./is-instance.js";
import type { OverrunningHandlers } from "./overrunning-handlers.js";
import type { Outcome, OutcomeEvent } from "../settling/outcome.js";
import {
  attemptsGranted,
  backoffDelayMs,
  defaultRetryPolicy,
  type RetryPolicy,
} from "../settling/retry-schedule.js";
import type { Slot } from "../claiming/slots.js";
import { isPermanent, type StepInfo } from "./step-handler.js";
import { inexactProblem, parseStepMessage, type StepMessage } from "../queues/step-message.js";
import {
  type AttemptEnd,
  type FindStepPlan,
  type FinishedAttempt,
  type StepPlan,
  StepPlanError,
} from "./step-plan.js";
import { toStepInfo } from "./to-step-info.js";
import { runWithTimeout } from "./run-with-timeout.js";

export interface AttemptOptions {
  readonly context: Omit<WorkerContext, "ports">;
  readonly findPlan: FindStepPlan;
  readonly overrunningHandlers: OverrunningHandlers;
  readonly giveBacks: GiveBacks;
  readonly completionHistory: CompletionHistory;
}

/** One claim of one message, from reading it to its outcome. */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #recorder: StepRecorder;
  readonly #step: InFlightStep;
  readonly #slot: Slot;
  #hasBegun = false;
  #hasRun = false;
  #hasHandlerEnded = false;
  #reportLateEnd: (() => void) | null = null;
  /** The run, for the step's events; null when the handler was never called. */
  #started: (Omit<FinishedAttempt, "end"> & Pick<StepPlan, "eventsOf">) | null = null;
  #end: AttemptEnd | null = null;

  constructor(options: AttemptOptions, namespace: string, step: InFlightStep, slot: Slot) {
    this.#options = options;
    this.#recorder = options.context.steps.recorder(namespace);
    this.#step = step;
    this.#slot = slot;
  }

  /** Never rejects. Records one sample of the statistics, run or not; none for a step that is given back. */
  async outcome(): Promise<Outcome> {
    const { clock } = this.#options.context;
    const startedAtMs = clock.monotonicMs();
    const outcome = await this.#decide();
    if (outcome.kind === "give_back") return outcome;
    this.#begin();
    this.#recorder.finished(statisticOf(outcome), clock.monotonicMs() - startedAtMs);
    return outcome.kind === "none" ? outcome : { ...outcome, ...this.#events() };
  }

  #events(): { readonly events?: readonly OutcomeEvent[] } {
    if (this.#started?.eventsOf == null || this.#end === null) return {};
    const events = this.#started.eventsOf({ ...this.#started, end: this.#end });
    return events.length === 0 ? {} : { events };
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { readCount, ageMs } = this.#step.claim;
    // Only the wait of a first attempt is known: the queue does not record when a retry became visible.
    this.#recorder.started(readCount === 1 ? ageMs : Number.NaN);
  }

  async #decide(): Promise<Outcome> {
    const { claim } = this.#step;
    const parsed = parseStepMessage(claim.body);
    if ("problem" in parsed)
      return this.#giveUpBeforeRunning({ code: "unreadable_message", message: parsed.problem });
    const inexact = inexactProblem(claim);
    if (inexact !== null)
      return this.#giveUpBeforeRunning(toFailureReason(new InexactNumberError(inexact)));
    let retry = defaultRetryPolicy;
    try {
      const found = this.#options.findPlan(parsed.message);
      const plan = found instanceof Promise ? await found : found;
      ({ retry } = plan);
      return await this.#run(parsed.message, plan);
    } catch (error) {
      // A handler that outlives its time-out keeps its slot; one that was never called has none.
      if (!this.#hasRun) this.#slot.release();
      return !this.#hasRun && isInstance(error, StepPlanError)
        ? await this.#giveBack(parsed.message, error)
        : this.#afterFailure(error, retry);
    }
  }

  async #run(message: StepMessage, plan: StepPlan): Promise<Outcome> {
    const { readCount } = this.#step.claim;
    const granted = attemptsGranted(plan.retry);
    if (readCount > granted) {
      return this.#giveUpBeforeRunning({
        code: "attempts_exhausted",
        message: `Claimed ${readCount - 1} times without an outcome, and ${granted} attempts are all it has: workers died, or lost their claims.`,
      });
    }
    // The claim may have been lost, or the drain have ended, while the plan was being found.
    this.#step.controller.signal.throwIfAborted();
    this.#hasRun = true;
    this.#begin();
    const step = toStepInfo(message, this.#step.claim, granted);
    const input = message.input ?? null;
    this.#started = { step, input, eventsOf: plan.eventsOf };
    const result = await this.#call(plan, step, input);
    this.#end = { kind: "success", result };
    return { kind: "archive" };
  }

  /** The handler keeps its slot as long as it runs, even after its step has ended. */
  async #call(plan: StepPlan, step: StepInfo, input: unknown): Promise<unknown> {
    const { context, overrunningHandlers } = this.#options;
    const { clock } = context;
    const { initialization, timeoutMs } = plan;
    this.#slot.runsUntil(clock.monotonicMs() + timeoutMs);
    try {
      return await runWithTimeout(
        {
          clock,
          timeoutMs,
          controller: this.#step.controller,
          onSettled: () => this.#releaseSlot(),
        },
        (signal) => plan.handler(input, { step, initialization, signal }),
      );
    } catch (error) {
      if (!this.#hasHandlerEnded)
        this.#reportLateEnd = overrunningHandlers.watch({
          ...this.#claimFields(),
          step: `${step.template.name}/${step.step_name}`,
          step_id: step.step_id,
          handler: plan.callable,
          timeout_ms: timeoutMs,
        });
      throw error;
    }
  }

  #releaseSlot(): void {
    this.#hasHandlerEnded = true;
    this.#slot.release();
    this.#reportLateEnd?.();
  }

  #afterFailure(error: unknown, retry: RetryPolicy): Outcome {
    const { readCount } = this.#step.claim;
    if (isInstance(error, ClaimLostError)) return { kind: "none" };
    if (isInstance(error, DrainTimeoutError))
      return { kind: "retry", delayMs: 0, hasRun: this.#hasRun };
    const isLast = isPermanent(error) || readCount >= attemptsGranted(retry);
    this.#log("warn", isLast ? "step failed for good" : "step failed and will be tried again", {
      attempt: readCount,
      error,
    });
    const reason = toFailureReason(error, this.#options.context.redactor);
    if (this.#hasRun)
      this.#end = { kind: isLast ? "permanent_failure" : "retryable_failure", reason };
    return isLast
      ? this.#deadLetter(reason)
      : { kind: "retry", delayMs: backoffDelayMs(retry, readCount), hasRun: true };
  }

  /** Uses no attempt: another worker, or a later release, may run the step. */
  async #giveBack(message: StepMessage, error: StepPlanError): Promise<Outcome> {
    const { claim } = this.#step;
    const { giveBacks, completionHistory } = this.#options;
    const decision = await giveBacks.decide(claim, error, (withinSeconds) =>
      completionHistory.lastCompletedMs(claim, message, withinSeconds),
    );
    if (decision.kind === "give_up") return this.#giveUpBeforeRunning(decision.reason);
    this.#recorder.released(error.code);
    return decision;
  }

  #giveUpBeforeRunning(reason: FailureReason): Outcome {
    this.#slot.release();
    this.#log("error", "message given up without a run", { reason: reason.code });
    return this.#deadLetter(reason);
  }

  #deadLetter(reason: FailureReason): Outcome {
    const { context } = this.#options;
    return {
      kind: "dead_letter",
      metadata: toDeadLetterMetadata(this.#step.claim, reason, {
        workerId: context.identity.workerId,
        at: context.timestamp(),
      }),
    };
  }

  #log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.context.logger(level, message, { ...this.#claimFields(), ...fields });
  }

  #claimFields(): Readonly<Record<string, unknown>> {
    const { queueName, messageId } = this.#step.claim;
    return { queue: queueName, message_id: messageId };
  }
}

function statisticOf(outcome: Outcome): "completed" | "retried" | "failed" {
  if (outcome.kind === "archive") return "completed";
  return outcome.kind === "dead_letter" ? "failed" : "retried";
}
