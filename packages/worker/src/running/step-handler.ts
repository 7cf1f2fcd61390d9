/** Which step a handler runs. */
export interface StepInfo {
  readonly step_id: string;
  readonly step_name: string;
  readonly template: {
    readonly namespace: string;
    readonly name: string;
    readonly version: string;
  };
  /** From 1; a worker that died while running the step has used an attempt. */
  readonly attempt: number;
  readonly max_attempts: number;
  readonly enqueued_at: string;
  /** The message's PGMQ headers: `traceparent`, `x-pgmq-group`, …; null where it has none, or where they are no object. */
  readonly headers: Readonly<Record<string, unknown>> | null;
}

/** What a handler is given beside its input. */
export interface StepHandlerContext {
  readonly step: StepInfo;
  /** The step's `handler.initialization`, environment overrides applied; secrets are real here. */
  readonly initialization: Readonly<Record<string, unknown>>;
  /** Aborted at the step's time-out, when its claim is lost, and when a drain runs out of time. */
  readonly signal: AbortSignal;
}

/**
 * Runs a step. Resolving completes it; rejecting has it tried again by its template's retry policy.
 * It may run more than once for one step, where a worker died: make it idempotent.
 */
export type StepHandler = (input: unknown, context: StepHandlerContext) => Promise<unknown>;

/** Handlers by the `callable` that templates name. */
export type StepHandlers = Readonly<Record<string, StepHandler>>;

/** Thrown by a handler when a retry is pointless: the step becomes a dead letter at once. */
export class PermanentStepError extends Error {
  override readonly name = "PermanentStepError";
  readonly retryable = false;
}

/** Any error with `retryable: false` counts, so that no handler has to depend on this package. Never throws. */
export function isPermanent(error: unknown): boolean {
  try {
    return (
      typeof error === "object" &&
      error !== null &&
      "retryable" in error &&
      error.retryable === false
    );
  } catch {
    return false;
  }
}
