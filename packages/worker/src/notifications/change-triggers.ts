import type { SqlConnection } from "@tasker-observability/postgres";
import {
  createFunctionText,
  createTriggerText,
  dropTriggerText,
  functionSource,
  functionStateText,
} from "../queues/notify-trigger.js";
import { type QueueTriggers, readQueueTriggers } from "../queues/queue-triggers.js";

/**
 * The statements that have inserts into a queue notify by this package's trigger alone; none where they do already.
 * PGMQ's own trigger is replaced: both notify the same channel, so that whoever listens goes on hearing.
 */
export function installStatements({ queueName, exists, ours, pgmq }: QueueTriggers): string[] {
  if (!exists) return [];
  return [
    ...(pgmq === "none" ? [] : [disablePgmqText(queueName)]),
    ...(ours === "enabled" ? [] : [dropTriggerText(queueName), createTriggerText(queueName)]),
  ];
}

/** The statements after which no insert into a queue notifies by its triggers. */
export function removeStatements({ queueName, exists, ours, pgmq }: QueueTriggers): string[] {
  if (!exists) return [];
  return [
    ...(pgmq === "none" ? [] : [disablePgmqText(queueName)]),
    ...(ours === "none" ? [] : [dropTriggerText(queueName)]),
  ];
}

function disablePgmqText(queueName: string): string {
  return `select pgmq.disable_notify_insert('${queueName}')`;
}

/** The statement that makes the trigger's function, or null where it is there as it should be. */
export async function missingFunction(connection: SqlConnection): Promise<string | null> {
  const [found] = await connection.query({ text: functionStateText, values: [functionSource] });
  return found?.is_usable === true ? null : createFunctionText;
}

/** Has inserts into the queues notify, in the transaction that is under way. */
export async function installTriggers(
  connection: SqlConnection,
  queueNames: readonly string[],
): Promise<void> {
  if (queueNames.length === 0) return;
  const createFunction = await missingFunction(connection);
  // Refused where another role has a function of this name: senders would run what that role puts into it.
  if (createFunction !== null) await connection.query({ text: createFunction });
  for (const triggers of await readQueueTriggers(connection, queueNames))
    for (const statement of installStatements(triggers))
      await connection.query({ text: statement });
}
