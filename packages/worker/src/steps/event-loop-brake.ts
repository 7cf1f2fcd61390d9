import { monitorEventLoopDelay } from "node:perf_hooks";

/** Tells how long claiming had better rest, by how late the event loop is. */
export interface EventLoopBrake {
  /** Milliseconds; 0 while the event loop keeps up. Every call begins a new measurement. */
  restMs(): number;
  /** May be called twice. */
  close(): void;
}

const resolutionMs = 10;
const longestRestMs = 1_000;

/**
 * While callbacks come later than `mostLagMs`, taking on more steps makes every answer later, probes included.
 * The rest grows with the lag, and ends after a second at most, so that work goes on at any lag.
 */
export function createEventLoopBrake(mostLagMs: number): EventLoopBrake {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return Object.freeze({
    restMs() {
      // The monitor counts its own interval as delay.
      const lagMs = delays.count === 0 ? 0 : Math.max(0, delays.max / 1e6 - resolutionMs);
      delays.reset();
      return lagMs > mostLagMs ? Math.min(lagMs, longestRestMs) : 0;
    },
    close() {
      delays.disable();
    },
  });
}
