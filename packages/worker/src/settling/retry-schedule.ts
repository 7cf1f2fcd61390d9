import type { ResolvedRetry } from "@tasker-observability/templates";

/** One year. A template that asks for more is probably wrong, and a large enough delay would overflow the database's intervals. */
const maxDelayMs = 365 * 24 * 3_600_000;

/** The number of attempts that the policy grants, at least one. */
export function attemptsGranted(policy: ResolvedRetry): number {
  return policy.retryable ? Math.max(1, policy.max_attempts) : 1;
}

/**
 * Milliseconds to wait after attempt number `attempt` (from 1) has failed:
 * none 0 · linear base × n · exponential base × 2^(n−1) · fibonacci base × F(n); at most the cap, and at most a year.
 */
export function backoffDelayMs(policy: ResolvedRetry, attempt: number): number {
  const factors = {
    none: () => 0,
    linear: () => attempt,
    exponential: () => 2 ** (attempt - 1),
    fibonacci: () => fibonacci(attempt),
  };
  // Factors grow to infinity, and infinity times nothing would be no number.
  const delayMs =
    policy.backoff_base_ms > 0 ? policy.backoff_base_ms * factors[policy.backoff]() : 0;
  return Math.max(0, Math.min(delayMs, policy.max_backoff_ms, maxDelayMs));
}

/** F(1) = F(2) = 1. */
function fibonacci(n: number): number {
  let [previous, current] = [0, 1];
  for (let step = 1; step < n && current < Number.POSITIVE_INFINITY; step += 1)
    [previous, current] = [current, previous + current];
  return current;
}
