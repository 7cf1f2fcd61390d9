import type { ResolvedRetry } from "@tasker-observability/templates";
import type { FailureReason } from "../settling/dead-letter.js";
import type { OutcomeEvent } from "../settling/outcome.js";
import type { StepHandler, StepInfo } from "./step-handler.js";
import type { StepMessage } from "../queues/step-message.js";

/** How to run one step, from its template and the registered handlers. */
export interface StepPlan {
  /** The handler's name. */
  readonly handlerName: string;
  readonly handler: StepHandler;
  readonly initialization: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly retry: ResolvedRetry;
  /** Makes the events that the step declares; null where it declares none. Never throws. */
  readonly eventsOf: ((attempt: FinishedAttempt) => readonly OutcomeEvent[]) | null;
}

/** How an attempt at a step ended. */
export type AttemptEnd =
  | { readonly kind: "success"; readonly result: unknown }
  | { readonly kind: "retryable_failure" | "permanent_failure"; readonly reason: FailureReason };

/** A handler that was called. */
export interface StartedAttempt {
  readonly plan: StepPlan;
  readonly step: StepInfo;
  readonly input: unknown;
}

/** An attempt that ran, as its events describe it. */
export interface FinishedAttempt {
  readonly step: StepInfo;
  readonly input: unknown;
  readonly end: AttemptEnd;
}

/**
 * Finds the plan of a step: at once where its template is cached.
 * @throws StepNotRunnableError where the step cannot be run as things are.
 */
export type FindStepPlan = (message: StepMessage) => StepPlan | Promise<StepPlan>;
