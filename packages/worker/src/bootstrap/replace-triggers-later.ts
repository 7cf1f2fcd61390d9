import type { Clock, Logger } from "@tasker-observability/core";
import {
  type PreparedNotification,
  replaceEarlierTriggers,
} from "../notifications/prepare-notifications.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import type { OpenDatabase } from "./opened-database.js";
import { prepareLock } from "../queues/prepare-lock.js";

export interface ReplaceTriggersLaterOptions {
  readonly database: OpenDatabase["database"];
  /** As the start has left and reported them. */
  readonly notifications: readonly PreparedNotification[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends all trying. */
  readonly signal: AbortSignal;
}

/** Minutes before each try. A table that is in use for an hour and a half is left to an operator: the start's warning says how. */
const delaysMinutes = [1, 2, 5, 10, 30, 60];

/** Replaces PGMQ's triggers of an earlier version where the start found the table in use. Logs only what it has replaced. */
export function replaceTriggersLater(options: ReplaceTriggersLaterOptions): void {
  const { notifications, signal } = options;
  const busy = notifications
    .filter(({ pgmq, failure }) => pgmq !== "none" && sqlStateOf(failure?.error) === "55P03")
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

/** @returns those that are still to be replaced. Never rejects. */
async function replace(
  { database, logger, signal }: ReplaceTriggersLaterOptions,
  queueNames: readonly string[],
): Promise<readonly string[]> {
  try {
    const tried = await database.withConnection(
      (connection) => replaceEarlierTriggers(connection, queueNames, { lock: prepareLock }),
      { signal },
    );
    const queues = queueNames.filter((name) => tried.get(name) === null);
    if (queues.length > 0)
      logger("info", "PGMQ's insert notification is replaced, now that the table is free", {
        queues,
      });
    // Who is not among those tried has been seen to by somebody else.
    return queueNames.filter((name) => tried.get(name) != null);
  } catch {
    return queueNames;
  }
}
