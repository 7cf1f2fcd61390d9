import {
  type Awaitable,
  InexactNumberError,
  type LogLevel,
  type StepRecorder,
  type WorkerContext,
} from "@tasker-observability/core";
import { type ResolvedRetry, retryDefaults } from "@tasker-observability/templates";
import {
  type FailureReason,
  toDeadLetterMetadata,
  toFailureReason,
} from "../settling/dead-letter.js";
import type { CompletionHistory } from "../queues/completion-history.js";
import type { ReleasePolicy } from "../settling/release-policy.js";
import {
  ClaimLostError,
  DrainTimeoutError,
  type InFlightStep,
} from "../claiming/in-flight-steps.js";
import { describerOf } from "./describe-run.js";
import { isInstance } from "./is-instance.js";
import type { OverrunningHandlers } from "./overrunning-handlers.js";
import type { Outcome, WritableOutcome } from "../settling/outcome.js";
import { attemptsGranted, backoffDelayMs } from "../settling/retry-schedule.js";
import type { Slot } from "../claiming/slots.js";
import { StepNotRunnableError } from "../settling/step-not-runnable-error.js";
import { isPermanent } from "./step-handler.js";
import { inexactProblem, parseStepMessage, type StepMessage } from "../queues/step-message.js";
import type { AttemptEnd, FindStepPlan, StartedAttempt, StepPlan } from "./step-plan.js";
import { toStepInfo } from "./to-step-info.js";
import { runWithTimeout } from "./run-with-timeout.js";

export interface MessageProcessorOptions {
  readonly context: Omit<WorkerContext, "ports">;
  readonly findPlan: FindStepPlan;
  readonly overrunningHandlers: OverrunningHandlers;
  readonly releasePolicy: ReleasePolicy;
  readonly completionHistory: CompletionHistory;
}

/** One claim of one message, from reading it to its outcome. */
export class MessageProcessor {
  readonly #options: MessageProcessorOptions;
  #recorder: StepRecorder;
  readonly #step: InFlightStep;
  readonly #slot: Slot;
  #isStartRecorded = false;
  #hasHandlerEnded = false;
  #reportLateEnd: (() => void) | null = null;
  /** The plan that the handler was called by, and what it was called for; null when it was never called. */
  #started: StartedAttempt | null = null;
  #end: AttemptEnd | null = null;

  constructor(options: MessageProcessorOptions, step: InFlightStep, slot: Slot) {
    this.#options = options;
    this.#recorder = options.context.steps.recorder(step.namespace);
    this.#step = step;
    this.#slot = slot;
  }

  /**
   * Never rejects. Records one sample of the statistics, run or not; none for a step that is released, or was lost before it ran.
   * On the success path only this function and the call of the handler are async: each one costs as much as the rest of a short step.
   */
  async process(): Promise<Outcome> {
    const { clock, steps } = this.#options.context;
    const startedAtMs = clock.monotonicMs();
    const read = this.#read();
    let outcome: Outcome;
    if ("outcome" in read) ({ outcome } = read);
    else {
      let retry: ResolvedRetry = retryDefaults;
      try {
        const found = this.#options.findPlan(read.message);
        const plan = found instanceof Promise ? await found : found;
        ({ retry } = plan);
        // Only now: a sender can write any name, and each would be a series for good.
        const { template, step_name: name } = read.message;
        this.#recorder = steps.recorder(this.#step.namespace, template.name, name);
        const max = attemptsGranted(retry);
        outcome =
          this.#checkRunnable(max) ?? this.#succeed(await this.#call(read.message, plan, max));
      } catch (error) {
        const failed = this.#fail(error, read.message, retry);
        outcome = failed instanceof Promise ? await failed : failed;
      }
    }
    const { kind } = outcome;
    if (kind === "released" || (kind === "claim_lost" && !this.#started)) return outcome;
    this.#recordStart();
    this.#recorder.finished(statisticOf(outcome), clock.monotonicMs() - startedAtMs);
    return kind === "claim_lost" ? outcome : this.#withEvents(outcome);
  }

  #withEvents(outcome: WritableOutcome): WritableOutcome {
    if (this.#started === null || this.#end === null) return outcome;
    const { plan, step, input } = this.#started;
    const events = plan.eventsOf?.({ step, input, end: this.#end }) ?? [];
    return events.length === 0 ? outcome : { ...outcome, events };
  }

  #recordStart(): void {
    if (this.#isStartRecorded) return;
    this.#isStartRecorded = true;
    const { claim, claimedAtMs } = this.#step;
    const waitedMs = claim.ageMs + this.#options.context.clock.monotonicMs() - claimedAtMs;
    // Only the wait of a first attempt is known: the queue does not record when a retry became visible.
    this.#recorder.started(claim.readCount === 1 ? waitedMs : Number.NaN);
  }

  #read(): { readonly message: StepMessage } | { readonly outcome: Outcome } {
    const { claim } = this.#step;
    const parsed = parseStepMessage(claim.body);
    if ("problem" in parsed) {
      const reason = { code: "unreadable_message", message: parsed.reason };
      return { outcome: this.#deadLetterBeforeRunning(reason) };
    }
    const inexact = inexactProblem(claim);
    if (inexact === null) return parsed;
    const reason = toFailureReason(new InexactNumberError(inexact));
    return { outcome: this.#deadLetterBeforeRunning(reason) };
  }

  /** Null for a step that may run. @throws why it was aborted, as its claim may be while its plan is being found. */
  #checkRunnable(granted: number): Outcome | null {
    const { controller, claim } = this.#step;
    if (claim.readCount > granted)
      return this.#deadLetterBeforeRunning({
        code: "attempts_exhausted",
        message: `Claimed ${claim.readCount - 1} times without an outcome, and it has only ${granted} attempts: workers died, or lost their claims.`,
      });
    if (controller.reason !== null) throw controller.reason;
    return null;
  }

  /** The handler keeps its slot as long as it runs, even after its step has ended. */
  #call(message: StepMessage, plan: StepPlan, maxAttempts: number): Promise<unknown> {
    const { clock } = this.#options.context;
    const { initialization, timeoutMs, handler } = plan;
    const { controller, claim } = this.#step;
    const step = toStepInfo(message, claim, maxAttempts);
    const input = message.input ?? null;
    const started = (this.#started = { plan, step, input });
    this.#recordStart();
    this.#slot.start(clock.monotonicMs() + timeoutMs, describerOf(this.#step, started, clock));
    const handlerContext = {
      step,
      initialization,
      get signal() {
        return controller.signal;
      },
    };
    return runWithTimeout(
      { clock, timeoutMs, controller, onSettled: () => this.#releaseSlot() },
      () => handler(input, handlerContext),
    );
  }

  #succeed(result: unknown): Outcome {
    this.#end = { kind: "success", result };
    return { kind: "completed" };
  }

  #fail(error: unknown, message: StepMessage, retry: ResolvedRetry): Awaitable<Outcome> {
    if (this.#started === null) {
      this.#slot.release();
      if (isInstance(error, StepNotRunnableError)) return this.#release(message, error);
    } else if (!this.#hasHandlerEnded) this.#watchHandler(this.#started);
    return this.#afterFailure(error, retry);
  }

  #watchHandler({ plan, step }: StartedAttempt): void {
    this.#reportLateEnd = this.#options.overrunningHandlers.watch({
      ...this.#claimFields(),
      step: `${step.template.name}/${step.step_name}`,
      step_id: step.step_id,
      handler: plan.handlerName,
      timeout_ms: plan.timeoutMs,
    });
  }

  #releaseSlot(): void {
    this.#hasHandlerEnded = true;
    this.#slot.release();
    this.#reportLateEnd?.();
  }

  #afterFailure(error: unknown, retry: ResolvedRetry): Outcome {
    const { readCount } = this.#step.claim;
    if (isInstance(error, ClaimLostError)) return { kind: "claim_lost" };
    if (isInstance(error, DrainTimeoutError))
      return { kind: "retried", delayMs: 0, hasRun: this.#started !== null };
    const isLast = isPermanent(error) || readCount >= attemptsGranted(retry);
    this.#log("warn", isLast ? "step failed permanently" : "step failed and will be retried", {
      attempt: readCount,
      error,
    });
    const reason = toFailureReason(error, this.#options.context.redactor);
    if (this.#started !== null)
      this.#end = { kind: isLast ? "permanent_failure" : "retryable_failure", reason };
    return isLast
      ? this.#deadLetter(reason)
      : { kind: "retried", delayMs: backoffDelayMs(retry, readCount), hasRun: true };
  }

  /** Uses no attempt: another worker, or a later release, may run the step. */
  async #release(message: StepMessage, error: StepNotRunnableError): Promise<Outcome> {
    const { claim } = this.#step;
    const { releasePolicy, completionHistory } = this.#options;
    const decision = await releasePolicy.decide(claim, error, (withinSeconds) =>
      completionHistory.lastCompletedAtMs(claim, message, withinSeconds),
    );
    if (decision.kind === "expired") return this.#deadLetterBeforeRunning(decision.reason);
    this.#recorder.released(error.code);
    return decision;
  }

  #deadLetterBeforeRunning(reason: FailureReason): Outcome {
    this.#slot.release();
    this.#log("error", "message dead-lettered without running its step", { reason: reason.code });
    return this.#deadLetter(reason);
  }

  #deadLetter(reason: FailureReason): Outcome {
    const { context } = this.#options;
    return {
      kind: "dead_lettered",
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

/** What metrics call it. */
function statisticOf(outcome: Outcome): "completed" | "retried" | "failed" {
  if (outcome.kind === "completed") return "completed";
  return outcome.kind === "dead_lettered" ? "failed" : "retried";
}
