import type { Clock, CommandProcessor, Liveness } from "@tasker-observability/core";
import { createWatchdog, type Watchdog } from "./watchdog.js";

export interface ClaimLoopWatchdogOptions {
  readonly processor: CommandProcessor;
  readonly liveness: Liveness;
  readonly clock: Clock;
  /** Milliseconds after which the health check finds the loop stalled; the watchdog waits twice as long. */
  readonly stallAfterMs: number;
}

/**
 * Reports `claim_loop_stopped` when the loop has not ticked, or every slot has been overdue, for twice the time after
 * which `command_processor` becomes unhealthy: traffic is gone by then, and only a restart helps.
 */
export function createClaimLoopWatchdog(options: ClaimLoopWatchdogOptions): Watchdog {
  const { processor, liveness, clock, stallAfterMs } = options;
  const limitMs = 2 * stallAfterMs;
  let allOverdueSinceMs: number | null = null;
  return createWatchdog({
    clock,
    everyMs: 1_000,
    check() {
      const slots = processor.slots();
      const areAllOverdue = slots !== null && slots.total > 0 && slots.overdue === slots.total;
      allOverdueSinceMs = areAllOverdue ? (allOverdueSinceMs ?? clock.monotonicMs()) : null;
      const allOverdueForMs =
        allOverdueSinceMs === null ? 0 : clock.monotonicMs() - allOverdueSinceMs;
      const isDead = (processor.heartbeat?.ageMs() ?? 0) >= limitMs || allOverdueForMs >= limitMs;
      liveness.report("claim_loop_watchdog", isDead ? "claim_loop_stopped" : null);
    },
  });
}
