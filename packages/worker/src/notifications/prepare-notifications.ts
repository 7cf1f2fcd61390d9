import type { SqlConnection } from "@tasker-observability/postgres";
import {
  changeSchema,
  type SchemaChangeOptions,
  toPgmqConnection,
} from "@tasker-observability/pgmq/install";
import { sqlStateOf } from "../queues/sql-failure.js";
import { installTriggers } from "./change-triggers.js";
import {
  isLeftByEarlierVersion,
  type QueueTriggers,
  readQueueTriggers,
} from "../queues/queue-triggers.js";

/** How inserts into a queue notify, and what the start changed. */
export interface QueueNotificationState extends QueueTriggers {
  /** Whether PGMQ's trigger, which an earlier version of this package had enabled, was replaced. */
  readonly isReplaced: boolean;
  /** Why a trigger could not be replaced, or not be created on a new queue; null if nothing failed. */
  readonly failure: Failure | null;
}

/** An error of the database. */
export interface Failure {
  readonly error: unknown;
}

// A transaction that has notified cannot be prepared for a two-phase commit. If those are enabled, the trigger is
// opt-in.
const isTwoPhaseOffSql =
  "select current_setting('max_prepared_transactions') = '0' as is_two_phase_off";

/**
 * Makes inserts notify for a queue that the current transaction has created.
 * @returns why that failed, or null. A worker can run without it.
 */
export async function installOnNewQueue(
  connection: SqlConnection,
  queueName: string,
): Promise<Failure | null> {
  const [found] = await connection.query({ text: isTwoPhaseOffSql });
  if (found?.is_two_phase_off !== true) return null;
  await connection.query({ text: "savepoint before_trigger" });
  try {
    await installTriggers(connection, [queueName]);
    return null;
  } catch (error) {
    // Rejects if the connection is lost.
    await connection.query({ text: "rollback to savepoint before_trigger" });
    return { error };
  }
}

/**
 * The results for PGMQ's triggers that an earlier version of this package had enabled; queues without one are in
 * neither list.
 */
export interface TriggerReplacement {
  /** The queues whose trigger was replaced. */
  readonly replaced: readonly string[];
  /** Why it was not replaced, by queue. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/**
 * Replaces PGMQ's triggers that an earlier version of this package had enabled unasked, in one transaction per queue.
 * @throws errors that do not come from the database.
 */
export async function replaceLegacyTriggers(
  connection: SqlConnection,
  queueNames: readonly string[],
  change: SchemaChangeOptions,
): Promise<TriggerReplacement> {
  const replaced: string[] = [];
  const failures = new Map<string, Failure>();
  const found = await readQueueTriggers(connection, queueNames);
  for (const { queueName } of found.filter(isLeftByEarlierVersion))
    try {
      await changeSchema(toPgmqConnection(connection), change, () =>
        installTriggers(connection, [queueName]),
      );
      replaced.push(queueName);
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      failures.set(queueName, { error });
    }
  return { replaced, failures };
}
