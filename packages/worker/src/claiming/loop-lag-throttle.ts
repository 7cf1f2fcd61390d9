import type { Clock } from "@tasker-observability/core";

/** Slows claiming down while the event loop lags. */
export interface LoopLagThrottle {
  /** Begins to measure. */
  start(): void;
  /** Milliseconds to wait before claiming more; 0 while the event loop keeps up. Each call begins a new measurement. */
  delayMs(): number;
  /** May be called twice. */
  close(): void;
}

const everyMs = 20;
const maxDelayMs = 1_000;

/**
 * While timers are later than `maxLagMs`, every further step delays every answer, probes included. The delay grows with the
 * lag, up to a second, so that some work is done at any lag.
 */
export function createLoopLagThrottle({
  clock,
  maxLagMs,
}: {
  readonly clock: Clock;
  readonly maxLagMs: number;
}): LoopLagThrottle {
  let expectedAtMs = Number.POSITIVE_INFINITY;
  let lagMs = 0;
  // Measures between ticks too, since a caller may come before a late tick.
  const measure = (): void => {
    const nowMs = clock.monotonicMs();
    lagMs = Math.max(lagMs, nowMs - expectedAtMs);
    expectedAtMs = Math.max(expectedAtMs, nowMs);
  };
  let cancel: () => void = () => undefined;
  const scheduleTick = (): void => {
    expectedAtMs = clock.monotonicMs() + everyMs;
    cancel = clock.after(everyMs, () => {
      measure();
      scheduleTick();
    });
  };
  return Object.freeze({
    start: scheduleTick,
    delayMs() {
      measure();
      const delayMs = lagMs > maxLagMs ? Math.min(lagMs, maxDelayMs) : 0;
      lagMs = 0;
      return delayMs;
    },
    close: () => cancel(),
  });
}
