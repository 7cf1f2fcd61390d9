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

/** How inserts into a queue notify, and what a start made of it. */
export interface PreparedNotification extends QueueTriggers {
  /** What an earlier version of this package had switched on was replaced. */
  readonly isReplaced: boolean;
  /** Why it could not be replaced, or a new queue could not be made to notify; null where neither was to be done, or was. */
  readonly failure: Failure | null;
}

/** What the database answered. */
export interface Failure {
  readonly error: unknown;
}

// A transaction that has notified cannot be prepared for a two-phase commit: where those are in use, only who asks for it gets it.
const isTwoPhaseOffText =
  "select current_setting('max_prepared_transactions') = '0' as is_two_phase_off";

/**
 * Has inserts into a queue that the transaction under way has made notify.
 * @returns why it could not be done: a worker does without, too.
 */
export async function installOnNewQueue(
  connection: SqlConnection,
  queueName: string,
): Promise<Failure | null> {
  const [found] = await connection.query({ text: isTwoPhaseOffText });
  if (found?.is_two_phase_off !== true) return null;
  await connection.query({ text: "savepoint before_trigger" });
  try {
    await installTriggers(connection, [queueName]);
    return null;
  } catch (error) {
    // Rejects where the connection is lost.
    await connection.query({ text: "rollback to savepoint before_trigger" });
    return { error };
  }
}

/**
 * Replaces what an earlier version of this package had switched on unasked, in a transaction for each queue.
 * @returns why it could not be done, or null where it was, by the queues where there was something to replace.
 */
export async function replaceEarlierTriggers(
  connection: SqlConnection,
  queueNames: readonly string[],
  change: SchemaChangeOptions,
): Promise<ReadonlyMap<string, Failure | null>> {
  const tried = new Map<string, Failure | null>();
  const found = await readQueueTriggers(connection, queueNames);
  for (const { queueName } of found.filter(isLeftByEarlierVersion))
    try {
      await changeSchema(toPgmqConnection(connection), change, () =>
        installTriggers(connection, [queueName]),
      );
      tried.set(queueName, null);
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      tried.set(queueName, { error });
    }
  return tried;
}
