import type { CommandProcessor, WorkerContext } from "@tasker-observability/core";
import type { Settings } from "@tasker-observability/config";
import { createClaimLoopWatchdog } from "../watchdogs/claim-loop-watchdog.js";
import { createEventLoopWatchdog } from "../watchdogs/event-loop-watchdog.js";
import { createPoolWatchdog } from "../watchdogs/pool-watchdog.js";
import { createSharedIdWatchdog } from "../watchdogs/shared-id-watchdog.js";
import type { Watchdog } from "../watchdogs/watchdog.js";
import type { OpenDatabase } from "./open-database.js";

export interface CreateWatchdogsOptions {
  readonly context: WorkerContext;
  readonly opened: OpenDatabase;
  readonly processor: CommandProcessor;
  readonly health: Settings["worker"]["health"];
}

/** What looks for faults that only a restart would cure, and for another worker with the same id. */
export function createWatchdogs({
  context,
  opened,
  processor,
  health,
}: CreateWatchdogsOptions): readonly Watchdog[] {
  const { clock, liveness, logger } = context;
  return [
    createClaimLoopWatchdog({ processor, liveness, clock, stallAfterMs: health.stall_after_ms }),
    createEventLoopWatchdog({ liveness, clock, logger }),
    createPoolWatchdog({
      database: opened.database,
      pingDirectly: () => opened.pingDirectly(),
      liveness,
      clock,
      deadAfterMs: health.pool_dead_after_ms,
    }),
    createSharedIdWatchdog({ context, database: opened.database, name: opened.name }),
  ];
}
