import { type CompleteRetry, retryDefaults } from "@tasker-observability/templates";

/** How a failing step is tried again. */
export interface RetryPolicy {
  /** False: one attempt, whatever `maxAttempts` says. */
  readonly retryable: boolean;
  /** Attempts in all; the first one always happens, so 0 counts as 1. */
  readonly maxAttempts: number;
  readonly backoff: "none" | "linear" | "exponential" | "fibonacci";
  /** Milliseconds. */
  readonly backoffBaseMs: number;
  /** Milliseconds that no delay exceeds. */
  readonly maxBackoffMs: number;
}

/** Applies to a step whose template cannot be read. */
export const defaultRetryPolicy: RetryPolicy = toRetryPolicy(retryDefaults);

/** The policy that a template states. */
export function toRetryPolicy(retry: CompleteRetry): RetryPolicy {
  return Object.freeze({
    retryable: retry.retryable,
    maxAttempts: retry.max_attempts,
    backoff: retry.backoff,
    backoffBaseMs: retry.backoff_base_ms,
    maxBackoffMs: retry.max_backoff_ms,
  });
}

/** A year: what a template asks beyond it is a slip, and would be beyond the database's intervals at some point. */
const longestDelayMs = 365 * 24 * 3_600_000;

/** The number of attempts that the policy grants, at least one. */
export function attemptsGranted(policy: RetryPolicy): number {
  return policy.retryable ? Math.max(1, policy.maxAttempts) : 1;
}

/**
 * Milliseconds to wait after attempt number `attempt` (from 1) has failed:
 * none 0 · linear base × n · exponential base × 2^(n−1) · fibonacci base × F(n); at most the cap, and at most a year.
 */
export function backoffDelayMs(policy: RetryPolicy, attempt: number): number {
  const factors = {
    none: () => 0,
    linear: () => attempt,
    exponential: () => 2 ** (attempt - 1),
    fibonacci: () => fibonacci(attempt),
  };
  // Factors grow to infinity, and infinity times nothing would be no number.
  const delayMs = policy.backoffBaseMs > 0 ? policy.backoffBaseMs * factors[policy.backoff]() : 0;
  return Math.max(0, Math.min(delayMs, policy.maxBackoffMs, longestDelayMs));
}

/** F(1) = F(2) = 1. */
function fibonacci(n: number): number {
  let [previous, current] = [0, 1];
  for (let step = 1; step < n && current < Number.POSITIVE_INFINITY; step += 1)
    [previous, current] = [current, previous + current];
  return current;
}
