import type { WorkerContext } from "@tasker-observability/core";
import { settingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import type { NamespaceQueues } from "../queues/step-queues.js";
import type { DatabaseHandle } from "../database/database-handle.js";
import { type PreparedQueues, prepareQueues } from "./prepare-queues.js";
import { waitForDatabase } from "../database/wait-for-database.js";

export interface PrepareDatabaseOptions {
  readonly databaseHandle: DatabaseHandle;
  readonly queues: readonly NamespaceQueues[];
  readonly settings: Pick<WorkerSettings, "loadedConfig" | "notifications">;
  readonly context: Pick<WorkerContext, "clock" | "logger">;
  /** Stops waiting. */
  readonly signal: AbortSignal;
}

/** Waits for the database, and creates the queues that the worker needs. @throws as {@link waitForDatabase}. */
export function prepareDatabase({
  databaseHandle,
  queues,
  settings,
  context: { clock, logger },
  signal,
}: PrepareDatabaseOptions): Promise<PreparedQueues> {
  const needed = {
    stepQueues: queues.map((queue) => queue.stepQueue),
    sendOnlyQueues: queues.flatMap((queue) => [queue.deadLetterQueue, queue.eventQueue]),
    notifications: settings.notifications,
  };
  const shared = { databaseSetting: settingNames(settings).database, clock, logger, signal };
  return waitForDatabase({
    ...shared,
    connect: (until) => databaseHandle.ping(until),
    prepare: () => prepareQueues({ ...shared, databaseHandle, queues: needed }),
  });
}
