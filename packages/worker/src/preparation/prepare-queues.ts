import { abortAfter, type Clock, type Logger } from "@tasker-observability/core";
import {
  changeSchema,
  installPgmq,
  PgmqInstallError,
  type SchemaChangeOptions,
  toPgmqConnection,
} from "@tasker-observability/pgmq/install";
import type { SqlConnection } from "@tasker-observability/postgres";
import {
  type Failure,
  installOnNewQueue,
  type QueueNotificationState,
  replaceLegacyTriggers,
} from "../notifications/prepare-notifications.js";
import { readQueueTriggers } from "../queues/queue-triggers.js";
import { WorkerStartError } from "../worker-start-error.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import { assertRights, warnOfHidingPolicies } from "./assert-rights.js";
import type { NeededQueues } from "./needed-queues.js";
import type { DatabaseHandle } from "../database/database-handle.js";
import { prepareLock } from "../queues/prepare-lock.js";
import { readCatalog } from "./read-catalog.js";

/** The state of the queues. */
export interface PreparedQueues {
  /** How inserts into the step queues notify. */
  readonly notifications: readonly QueueNotificationState[];
}

export interface PrepareQueuesOptions {
  readonly databaseHandle: Pick<DatabaseHandle, "database" | "cancel">;
  readonly queues: NeededQueues;
  /** What the setting of the database is called, for messages. */
  readonly databaseSetting: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts the preparation, as happens after half a minute, and cancels its statements on the server. */
  readonly signal: AbortSignal;
}

const timeoutMs = 30_000;

/**
 * Installs PGMQ and creates missing queues; new step queues notify of inserts. Safe to repeat.
 * It does not wait long for a lock: other sessions would queue behind it.
 * @throws WorkerStartError that names the missing right, or says that the database is read-only; other errors of the database
 * unchanged: 55P03 if a table is locked.
 */
export async function prepareQueues({
  databaseHandle,
  queues,
  databaseSetting,
  clock,
  logger,
  signal,
}: PrepareQueuesOptions): Promise<PreparedQueues> {
  const schemaChange = {
    lock: prepareLock,
    applicationName: `tasker-start-${crypto.randomUUID()}`,
  };
  const prepareOnce = async (giveUp: AbortSignal): Promise<PreparedQueues> => {
    try {
      return await databaseHandle.database.withConnection(
        (connection) => prepare(connection, { queues, databaseSetting, logger, schemaChange }),
        { signal: giveUp },
      );
    } catch (error) {
      if (giveUp.aborted) await databaseHandle.cancel(schemaChange.applicationName);
      throw toStartError(error, databaseSetting);
    }
  };
  return abortAfter(prepareOnce, { clock, timeoutMs, signal });
}

interface Preparation extends Pick<PrepareQueuesOptions, "queues" | "databaseSetting" | "logger"> {
  readonly schemaChange: SchemaChangeOptions;
}

async function prepare(
  connection: SqlConnection,
  { queues, databaseSetting, logger, schemaChange }: Preparation,
): Promise<PreparedQueues> {
  await assertWritable(connection, databaseSetting);
  await installPgmq(toPgmqConnection(connection), schemaChange);
  const createFailures = await createMissing(connection, queues, schemaChange);
  await assertRights(connection, queues);
  await warnOfHidingPolicies(connection, queues, logger);
  const notifying = queues.notifications === "auto" ? queues.stepQueues : [];
  const { replaced, failures } = await replaceLegacyTriggers(connection, notifying, schemaChange);
  const triggers = await readQueueTriggers(connection, queues.stepQueues);
  return {
    notifications: triggers.map((queue) => ({
      ...queue,
      isReplaced: replaced.includes(queue.queueName),
      failure: failures.get(queue.queueName) ?? createFailures.get(queue.queueName) ?? null,
    })),
  };
}

function readOnlyMessage(databaseSetting: string): string {
  return `The database is read-only: the server is a standby, or this role or database is set to read-only (default_transaction_read_only). Point ${databaseSetting} at the primary, or let the role write.`;
}

/** If all queues exist, a start writes nothing, and only claims would fail. */
async function assertWritable(connection: SqlConnection, databaseSetting: string): Promise<void> {
  const [row] = await connection.query({
    text: "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only",
  });
  if (row?.read_only === true) throw new WorkerStartError(readOnlyMessage(databaseSetting));
}

/** Turns errors that already say what to do into a {@link WorkerStartError}. */
function toStartError(error: unknown, databaseSetting: string): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof PgmqInstallError)
    return new WorkerStartError(error.message, { cause: error.cause });
  if (sqlStateOf(error) === "25006")
    return new WorkerStartError(readOnlyMessage(databaseSetting), { cause: error });
  return error.cause !== undefined && sqlStateOf(error.cause) === "42501"
    ? new WorkerStartError(error.message, { cause: error.cause })
    : error;
}

// PGMQ may list a queue whose tables are gone, after a restore or a manual drop.
const missingQueuesSql = `from json_array_elements_text($1::text::json) as wanted(name)
 where not exists (select from pgmq.meta where queue_name = name)
    or to_regclass('pgmq.q_' || name) is null or to_regclass('pgmq.a_' || name) is null`;

/**
 * Creates missing queues. A role that may not create queues can still use existing ones: missing rights are checked afterwards.
 * @returns why inserts do not notify, for each such created queue.
 */
async function createMissing(
  connection: SqlConnection,
  { stepQueues, sendOnlyQueues, notifications }: NeededQueues,
  schemaChange: SchemaChangeOptions,
): Promise<ReadonlyMap<string, Failure>> {
  const failures = new Map<string, Failure>();
  const create = async (name: string): Promise<void> => {
    const values = [JSON.stringify([name])];
    const [made] = await connection.query({
      text: `select to_regclass('pgmq.q_' || name) is null as is_new, pgmq.create(name) ${missingQueuesSql}`,
      values,
    });
    if (made?.is_new !== true || notifications === "off" || !stepQueues.includes(name)) return;
    const failure = await installOnNewQueue(connection, name);
    if (failure !== null) failures.set(name, failure);
  };
  try {
    const missing = await readCatalog(connection, {
      text: `select name ${missingQueuesSql}`,
      values: [JSON.stringify([...stepQueues, ...sendOnlyQueues])],
    });
    for (const { name } of missing)
      await changeSchema(toPgmqConnection(connection), schemaChange, () => create(String(name)));
  } catch (error) {
    if (sqlStateOf(error) !== "42501") throw error;
  }
  return failures;
}
