import type { SqlConnection } from "@tasker-observability/postgres";
import {
  createFunctionSql,
  createTriggerSql,
  dropTriggerSql,
  functionSource,
  functionStateSql,
} from "../queues/notify-trigger.js";
import { type QueueTriggers, readQueueTriggers } from "../queues/queue-triggers.js";

/**
 * The statements that make only this package's trigger notify of inserts into a queue; empty if it already does. They
 * replace PGMQ's own trigger; both notify the same channel, so listeners notice no change.
 */
export function installStatements({
  queueName,
  exists,
  taskerTrigger,
  pgmqTrigger,
}: QueueTriggers): string[] {
  if (!exists) return [];
  return [
    ...(pgmqTrigger === "none" ? [] : [disablePgmqSql(queueName)]),
    ...(taskerTrigger === "enabled"
      ? []
      : [dropTriggerSql(queueName), createTriggerSql(queueName)]),
  ];
}

/** The statements that make no trigger notify of inserts into a queue. */
export function removeStatements({
  queueName,
  exists,
  taskerTrigger,
  pgmqTrigger,
}: QueueTriggers): string[] {
  if (!exists) return [];
  return [
    ...(pgmqTrigger === "none" ? [] : [disablePgmqSql(queueName)]),
    ...(taskerTrigger === "none" ? [] : [dropTriggerSql(queueName)]),
  ];
}

function disablePgmqSql(queueName: string): string {
  return `select pgmq.disable_notify_insert('${queueName}')`;
}

/** The statement that creates the trigger's function; null if it exists as it should. */
export async function findCreateFunctionSql(connection: SqlConnection): Promise<string | null> {
  const [found] = await connection.query({ text: functionStateSql, values: [functionSource] });
  return found?.is_usable === true ? null : createFunctionSql;
}

/** Makes inserts into the queues notify, in the current transaction. */
export async function installTriggers(
  connection: SqlConnection,
  queueNames: readonly string[],
): Promise<void> {
  if (queueNames.length === 0) return;
  const createFunction = await findCreateFunctionSql(connection);
  // PostgreSQL refuses this if another role owns a function of this name: senders would run that role's code.
  if (createFunction !== null) await connection.query({ text: createFunction });
  for (const triggers of await readQueueTriggers(connection, queueNames))
    for (const statement of installStatements(triggers))
      await connection.query({ text: statement });
}
