import type { Clock, Liveness, Logger } from "@tasker-observability/core";
import { createWatchdog, type Watchdog } from "./watchdog.js";

export interface EventLoopWatchdogOptions {
  readonly liveness: Liveness;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds by which a timer may be late before the event loop counts as blocked. @default 1000 */
  readonly lateMs?: number | undefined;
  /** Late ticks in a row after which it counts as stalled. @default 30 */
  readonly ticks?: number | undefined;
}

const everyMs = 1_000;
/** Milliseconds between two log lines: a loop that blocks repeatedly is logged once a minute. */
const logEveryMs = 60_000;

/**
 * Reports `event_loop_stalled` after a series of late ticks: a process that is always in a synchronous call renews no
 * claim and answers no probe in time. A single long pause does not count and clears by itself; the log says afterwards
 * how long it was.
 */
export function createEventLoopWatchdog(options: EventLoopWatchdogOptions): Watchdog {
  const { liveness, clock, lateMs = 1_000, ticks = 30 } = options;
  const log = createBlockLog(options);
  let expectedAtMs: number | null = null;
  let lateTicks = 0;
  const check = (): void => {
    const nowMs = clock.monotonicMs();
    const blockedMs = nowMs - (expectedAtMs ?? nowMs);
    lateTicks = blockedMs >= lateMs ? lateTicks + 1 : 0;
    expectedAtMs = nowMs + everyMs;
    if (blockedMs >= lateMs) log.add(blockedMs);
    log.flush(logEveryMs);
    liveness.report("event_loop_watchdog", lateTicks >= ticks ? "event_loop_stalled" : null);
  };
  const watchdog = createWatchdog({ clock, everyMs, check });
  return Object.freeze({
    start() {
      expectedAtMs ??= clock.monotonicMs() + everyMs;
      watchdog.start();
    },
    stop() {
      watchdog.stop();
      // The signal that stops the worker may be read before the tick that the same block delayed.
      if (expectedAtMs !== null) check();
      expectedAtMs = null;
      log.flush(0);
    },
  });
}

/** Gathers blocks until the log is due again. */
function createBlockLog({ clock, logger }: Pick<EventLoopWatchdogOptions, "clock" | "logger">): {
  add(blockedMs: number): void;
  flush(everyMs: number): void;
} {
  let loggedAtMs = -Infinity;
  let blocks: number[] = [];
  return {
    add: (blockedMs) => void blocks.push(Math.round(blockedMs)),
    flush(everyMs) {
      if (blocks.length === 0 || clock.monotonicMs() - loggedAtMs < everyMs) return;
      logger(
        "warn",
        "the event loop was blocked: no probe was answered and no claim renewed meanwhile. Move synchronous work of handlers to a worker thread",
        { blocked_ms: Math.max(...blocks), times: blocks.length },
      );
      loggedAtMs = clock.monotonicMs();
      blocks = [];
    },
  };
}
