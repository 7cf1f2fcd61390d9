import type { Clock, Logger } from "@tasker-observability/core";
import {
  type QueueNotificationState,
  replaceLegacyTriggers,
} from "../notifications/prepare-notifications.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import type { DatabaseHandle } from "../database/database-handle.js";
import { prepareLock } from "../queues/prepare-lock.js";

export interface ReplaceTriggersLaterOptions {
  readonly database: DatabaseHandle["database"];
  /** The state after the start. */
  readonly notifications: readonly QueueNotificationState[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Stops all attempts. */
  readonly signal: AbortSignal;
}

/** The wait before each attempt. After them an operator must act: the warning of the start says how. */
const delaysMinutes = [1, 2, 5, 10, 30, 60];

/** Replaces PGMQ's triggers of an earlier version on tables that were locked during the start. Logs only what it replaces. */
export function replaceTriggersLater(options: ReplaceTriggersLaterOptions): void {
  const { notifications, signal } = options;
  const busy = notifications
    .filter(
      ({ pgmqTrigger, failure }) =>
        pgmqTrigger !== "none" && sqlStateOf(failure?.error) === "55P03",
    )
    .map(({ queueName }) => queueName);
  if (!signal.aborted) tryLater(options, busy, delaysMinutes);
}

function tryLater(
  options: ReplaceTriggersLaterOptions,
  queueNames: readonly string[],
  [delayMinutes, ...rest]: readonly number[],
): void {
  if (queueNames.length === 0 || delayMinutes === undefined) return;
  const { clock, signal } = options;
  const cancel = clock.after(delayMinutes * 60_000, () => {
    signal.removeEventListener("abort", cancel);
    void replace(options, queueNames).then((left) => {
      if (!signal.aborted) tryLater(options, left, rest);
    });
  });
  signal.addEventListener("abort", cancel, { once: true });
}

/** @returns the queues that still have the trigger. Never rejects. */
async function replace(
  { database, logger, signal }: ReplaceTriggersLaterOptions,
  queueNames: readonly string[],
): Promise<readonly string[]> {
  try {
    const { replaced, failures } = await database.withConnection(
      (connection) => replaceLegacyTriggers(connection, queueNames, { lock: prepareLock }),
      { signal },
    );
    if (replaced.length > 0)
      logger(
        "info",
        "replaced PGMQ's insert notification, now that the table is no longer locked",
        { queues: replaced },
      );
    // Another worker has replaced the triggers of the other queues.
    return [...failures.keys()];
  } catch {
    return queueNames;
  }
}
