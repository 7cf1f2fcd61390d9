import type { Clock } from "@tasker-observability/core";
import { createWatchdog } from "../watchdogs/watchdog.js";

/** Tells how long claiming had better rest, by how late the event loop is. */
export interface LoopLagThrottle {
  /** Milliseconds; 0 while the event loop keeps up. Every call begins a new measurement. */
  restMs(): number;
  /** May be called twice. */
  close(): void;
}

const everyMs = 20;
const longestRestMs = 1_000;

/**
 * While callbacks come later than `maxLagMs`, taking on more steps makes every answer later, probes included.
 * The rest grows with the lag, and ends after a second at most, so that work goes on at any lag.
 */
export function createLoopLagThrottle({
  clock,
  maxLagMs,
}: {
  readonly clock: Clock;
  readonly maxLagMs: number;
}): LoopLagThrottle {
  let expectedAtMs = clock.monotonicMs() + everyMs;
  let lagMs = 0;
  // Also asked between two ticks: whoever asks often must not miss a tick that is late just now.
  const measure = (): void => {
    const nowMs = clock.monotonicMs();
    lagMs = Math.max(lagMs, nowMs - expectedAtMs);
    expectedAtMs = Math.max(expectedAtMs, nowMs);
  };
  const ticks = createWatchdog({
    clock,
    everyMs,
    look() {
      measure();
      expectedAtMs = clock.monotonicMs() + everyMs;
    },
  });
  ticks.start();
  return Object.freeze({
    restMs() {
      measure();
      const restMs = lagMs > maxLagMs ? Math.min(lagMs, longestRestMs) : 0;
      lagMs = 0;
      return restMs;
    },
    close: () => ticks.stop(),
  });
}
