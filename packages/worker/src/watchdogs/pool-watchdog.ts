import { type Clock, type Database, type Liveness, withDeadline } from "@tasker-observability/core";
import { createWatchdog, type Watchdog } from "./watchdog.js";

export interface PoolWatchdogOptions {
  /** The worker's own pool. */
  readonly database: Pick<Database, "ping">;
  /** Connects outside of the pool and runs `SELECT 1`; rejects if the database is down for everybody. */
  readonly pingDirectly: () => Promise<void>;
  readonly liveness: Liveness;
  readonly clock: Clock;
  /** For how many milliseconds the pool must have failed while the database answered other connections. */
  readonly deadAfterMs: number;
  /** Milliseconds between checks. @default 5000 */
  readonly everyMs?: number | undefined;
}

/**
 * Reports `pool_dead` when the pool has failed for long while the database answered other connections all that time:
 * then the fault is in this process, and only a restart cures it. Neither an outage nor its end counts: each failed
 * direct ping restarts the time, so that a fleet does not restart at the moment of recovery.
 */
export function createPoolWatchdog(options: PoolWatchdogOptions): Watchdog {
  const { database, pingDirectly, liveness, clock, deadAfterMs, everyMs = 5_000 } = options;
  /** Since when the pool alone has failed: at each check since then the database answered past it. */
  let failsAloneSinceMs: number | null = null;
  // A pool that never hands out a connection leaves the ping pending: that is a failure too.
  const pingPool = (): Promise<void> =>
    withDeadline((signal) => database.ping(signal), { clock, timeoutMs: everyMs });
  return createWatchdog({
    clock,
    everyMs,
    async check() {
      const failsAlone = !(await succeeds(pingPool())) && (await succeeds(pingDirectly()));
      const nowMs = clock.monotonicMs();
      // From the direct answer on, not from the question: it may have waited for the end of an outage.
      failsAloneSinceMs = failsAlone ? (failsAloneSinceMs ?? nowMs) : null;
      const isDead = failsAloneSinceMs !== null && nowMs - failsAloneSinceMs >= deadAfterMs;
      liveness.report("pool_watchdog", isDead ? "pool_dead" : null);
    },
  });
}

async function succeeds(attempt: Promise<void>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
