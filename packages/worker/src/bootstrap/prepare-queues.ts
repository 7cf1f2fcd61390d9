import type { Pool, PoolClient } from "pg";
import { installPgmq } from "../pgmq-install/index.js";
import { WorkerStartError } from "../start-error.js";
import { NOTIFY_THROTTLE_MS } from "../steps/queue-listener.js";
import { sqlStateOf } from "../steps/sql-failure.js";
import { refuseMissingRights } from "./missing-rights.js";

/** What the database offers. */
export interface PreparedQueues {
  /** Whether inserts notify: PGMQ does so since 1.7. */
  readonly notifies: boolean;
}

/** Workers that start at once take turns here. An arbitrary number, the same for all. */
const prepareLock = "7246313950142818";
const longestMs = 30_000;

/**
 * Sees to it that PGMQ and the queues are there, and that inserts into `notifying` ones notify. Safe to repeat.
 * @param signal - gives it up, as half a minute does.
 * @throws WorkerStartError that says which right is missing, or that the database takes no writes; whatever else the database answers, as it is.
 */
export async function prepareQueues(
  pool: Pool,
  queues: { readonly plain: readonly string[]; readonly notifying: readonly string[] },
  signal: AbortSignal,
): Promise<PreparedQueues> {
  // The statement under way rejects, where it would have waited for a lock or for a network that is gone.
  const giveUp = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  const client = await pool.connect();
  const release = once((destroy: boolean) => client.release(destroy));
  const destroy = (): void => release(true);
  client.on("error", ignore);
  giveUp.addEventListener("abort", destroy, { once: true });
  try {
    giveUp.throwIfAborted();
    const prepared = await prepare(client, queues);
    release(false);
    return prepared;
  } catch (error) {
    destroy();
    throw toStartError(error, queues);
  } finally {
    giveUp.removeEventListener("abort", destroy);
    client.removeListener("error", ignore);
  }
}

function once<Argument>(run: (argument: Argument) => void): (argument: Argument) => void {
  let isDone = false;
  return (argument) => {
    if (isDone) return;
    isDone = true;
    run(argument);
  };
}

function ignore(): void {
  // The statement under way rejects with the same error.
}

async function prepare(
  client: PoolClient,
  queues: { readonly plain: readonly string[]; readonly notifying: readonly string[] },
): Promise<PreparedQueues> {
  await refuseReadOnly(client);
  await installPgmq(client);
  await client.query("begin; set local standard_conforming_strings = on");
  await client.query(`select pg_advisory_xact_lock(${prepareLock})`);
  await createMissing(client, [...queues.notifying, ...queues.plain]);
  await refuseMissingRights(client, queues);
  const notifies = await notifyOfInserts(client, queues.notifying);
  await client.query("commit");
  return { notifies };
}

const readOnlyText =
  "The database takes no writes: the server is a standby, or this role or database is set to read-only (default_transaction_read_only). Point common.database.url (DATABASE_URL) at the primary, or let the role write.";

/** With its queues there, nothing of a start would write, and every claim would be refused. */
async function refuseReadOnly(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ read_only: boolean }>(
    "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only",
  );
  if (rows[0]?.read_only === true) throw new WorkerStartError(readOnlyText);
}

/** An error that is not the driver's has its own advice; a missing right needs some. */
function toStartError(
  error: unknown,
  queues: { readonly plain: readonly string[]; readonly notifying: readonly string[] },
): unknown {
  if (!(error instanceof Error)) return error;
  if (sqlStateOf(error) === "25006") return new WorkerStartError(readOnlyText, { cause: error });
  if (sqlStateOf(error) === "42501") {
    const names = [...queues.notifying, ...queues.plain]
      .map((name) => `select pgmq.create('${name}')`)
      .join("; ");
    return new WorkerStartError(
      `This database role may not use PGMQ as the worker needs to. An administrator can create the queues (${names}) and grant the role select, insert, update and delete on the tables of the schema pgmq.`,
      { cause: error },
    );
  }
  return error.cause !== undefined && sqlStateOf(error.cause) === "42501"
    ? new WorkerStartError(error.message, { cause: error.cause })
    : error;
}

async function createMissing(client: PoolClient, names: readonly string[]): Promise<void> {
  // A queue that PGMQ lists need not have its tables any more: a restore, or a drop by hand, leaves the row behind.
  await client.query(
    `select pgmq.create(name) from unnest($1::text[]) as wanted(name)
      where not exists (select from pgmq.meta where queue_name = name)
         or to_regclass('pgmq.q_' || name) is null or to_regclass('pgmq.a_' || name) is null`,
    [names],
  );
}

async function notifyOfInserts(client: PoolClient, names: readonly string[]): Promise<boolean> {
  const { rows } = await client.query<{ takes_throttle: boolean }>(
    `select bool_or(pronargs > 1) as takes_throttle from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'pgmq' and p.proname = 'enable_notify_insert' having count(*) > 0`,
  );
  if (rows[0] === undefined) return false;
  await client.query("savepoint before_triggers");
  try {
    await enableMissing(client, names, rows[0].takes_throttle);
    return true;
  } catch (error) {
    if (sqlStateOf(error) !== "42501") throw error;
    // The queues are another role's: its owner can enable notification, and until then the poller serves.
    await client.query("rollback to savepoint before_triggers");
    return false;
  }
}

async function enableMissing(
  client: PoolClient,
  names: readonly string[],
  takesThrottle: boolean,
): Promise<void> {
  // Enabling replaces the trigger, which waits for writers: only where it is not there yet.
  await client.query(
    `select pgmq.enable_notify_insert(name${takesThrottle ? `, ${NOTIFY_THROTTLE_MS}` : ""})
       from unnest($1::text[]) as wanted(name)
      where not exists (select from pg_catalog.pg_trigger t
                          join pg_catalog.pg_class c on c.oid = t.tgrelid
                          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                         where n.nspname = 'pgmq' and c.relname = lower('q_' || name) and t.tgname = 'trigger_notify_queue_insert_listeners')`,
    [names],
  );
}
