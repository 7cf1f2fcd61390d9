import type { Clock, Liveness } from "@tasker-observability/core";
import { createWatchdog, type Watchdog } from "./watchdog.js";

export interface EventLoopWatchdogOptions {
  readonly liveness: Liveness;
  readonly clock: Clock;
  /** Milliseconds by which a timer may be late before the event loop counts as held up. @default 1000 */
  readonly lateMs?: number | undefined;
  /** Late ticks in a row after which it counts as stalled. @default 30 */
  readonly ticks?: number | undefined;
}

const everyMs = 1_000;

/**
 * Reports `event_loop_stalled` when tick after tick comes late: a process that spends its life in one synchronous
 * call after another renews no claim and answers no probe in time. One long pause is not that, and clears by itself.
 */
export function createEventLoopWatchdog(options: EventLoopWatchdogOptions): Watchdog {
  const { liveness, clock, lateMs = 1_000, ticks = 30 } = options;
  let expectedAtMs = clock.monotonicMs() + everyMs;
  let lateTicks = 0;
  return createWatchdog({
    clock,
    everyMs,
    look() {
      const nowMs = clock.monotonicMs();
      lateTicks = nowMs - expectedAtMs >= lateMs ? lateTicks + 1 : 0;
      expectedAtMs = nowMs + everyMs;
      liveness.report("event_loop_watchdog", lateTicks >= ticks ? "event_loop_stalled" : null);
    },
  });
}
