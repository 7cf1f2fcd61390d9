import type { CircuitBreakers } from "@tasker-observability/core";
import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
} from "cockatiel";

/** Guards one kind of call: after failures in a row it rejects calls for a while, then lets one call try. */
export interface Breaker {
  readonly name: string;
  state(): "closed" | "half_open" | "open";
  /** Runs the call, or rejects at once while open. */
  execute<T>(call: () => Promise<T>): Promise<T>;
}

export interface BreakerOptions {
  readonly name: string;
  /** Failures in a row that open it. @default 5 */
  readonly failureThreshold?: number | undefined;
  /** Milliseconds for which it stays open. @default 5000 */
  readonly openMs?: number | undefined;
  /** Which failures count; the others pass through it, and count as successes. @default all */
  readonly isFailure?: ((error: unknown) => boolean) | undefined;
}

/** A breaker over cockatiel's. */
export function createBreaker({
  name,
  failureThreshold = 5,
  openMs = 5_000,
  isFailure = () => true,
}: BreakerOptions): Breaker {
  const policy = circuitBreaker(handleAll, {
    halfOpenAfter: openMs,
    breaker: new ConsecutiveBreaker(failureThreshold),
  });
  let openedAtMs: number | null = null;
  policy.onBreak(() => (openedAtMs = performance.now()));
  policy.onReset(() => (openedAtMs = null));
  const isDueToTry = (): boolean => openedAtMs !== null && performance.now() - openedAtMs >= openMs;
  return Object.freeze({
    name,
    state() {
      if (policy.state === CircuitState.Closed) return "closed";
      // cockatiel turns half open with the next call; until then, show that a call would be tried.
      return policy.state === CircuitState.HalfOpen || isDueToTry() ? "half_open" : "open";
    },
    execute: async <T>(call: () => Promise<T>) => {
      const settled = await policy.execute(async () => {
        try {
          return { value: await call() };
        } catch (error) {
          if (isFailure(error)) throw error;
          return { error };
        }
      });
      if ("error" in settled) throw settled.error;
      return settled.value;
    },
  });
}

/** Whether a call was not made because its breaker is open. */
export function isBreakerOpen(error: unknown): boolean {
  return error instanceof Error && isBrokenCircuitError(error);
}

/** Several breakers, and those of an application, as health and metrics see them. */
export function toCircuitBreakers(
  breakers: readonly Breaker[],
  others: CircuitBreakers | undefined,
): CircuitBreakers {
  return Object.freeze({
    states: () => [
      ...breakers.map((breaker) => ({ name: breaker.name, state: breaker.state() })),
      ...(others?.states() ?? []),
    ],
  });
}
