import type { CommandProcessor, WorkerContext } from "@tasker-observability/core";
import { settingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import { createClaimLoopWatchdog } from "../watchdogs/claim-loop-watchdog.js";
import { createEventLoopWatchdog } from "../watchdogs/event-loop-watchdog.js";
import { createPoolWatchdog } from "../watchdogs/pool-watchdog.js";
import { createSharedIdWatchdog } from "../watchdogs/shared-id-watchdog.js";
import type { Watchdog } from "../watchdogs/watchdog.js";
import type { DatabaseHandle } from "../database/database-handle.js";

export interface CreateWatchdogsOptions {
  readonly context: WorkerContext;
  readonly databaseHandle: DatabaseHandle;
  readonly processor: CommandProcessor;
  readonly settings: Pick<WorkerSettings, "health" | "poolDeadAfterMs" | "loadedConfig">;
}

/** Detects faults that only a restart fixes, and another worker with the same id. */
export function createWatchdogs({
  context,
  databaseHandle,
  processor,
  settings,
}: CreateWatchdogsOptions): readonly Watchdog[] {
  const { clock, liveness, logger } = context;
  return [
    createClaimLoopWatchdog({
      processor,
      liveness,
      clock,
      stallAfterMs: settings.health.stallAfterMs,
    }),
    createEventLoopWatchdog({ liveness, clock, logger }),
    createPoolWatchdog({
      database: databaseHandle.database,
      pingDirectly: () => databaseHandle.pingDirectly(),
      liveness,
      clock,
      deadAfterMs: settings.poolDeadAfterMs,
    }),
    createSharedIdWatchdog({
      context,
      database: databaseHandle.database,
      name: databaseHandle.instanceName,
      workerIdSetting: settingNames(settings).workerId,
    }),
  ];
}
