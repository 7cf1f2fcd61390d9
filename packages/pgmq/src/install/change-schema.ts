import type { SqlConnection } from "@tasker-observability/postgres";

/**
 * One connection, not a pool: `pg`'s `Client` or `PoolClient` as it is.
 * A text without values is sent as a simple query, which may contain several statements.
 */
export interface PgmqConnection {
  /** Runs one statement, or several if it has no values. */
  query(text: string): Promise<{ rows: unknown[] }>;
}

/** A connection of core's as {@link PgmqConnection}. */
export function toPgmqConnection(connection: SqlConnection): PgmqConnection {
  return { query: async (text) => ({ rows: [...(await connection.query({ text }))] }) };
}

/** Options of {@link changeSchema}. */
export interface SchemaChangeOptions {
  /** The number of an advisory lock: who makes the same change meanwhile waits for this one, and harms nobody by it. */
  readonly lock: string;
  /** By which the change can be found in `pg_stat_activity`, and cancelled. @default the connection's */
  readonly applicationName?: string | undefined;
}

/**
 * Milliseconds that a change waits for a table. Whoever wants the table after it waits behind it, and does nothing wrong:
 * the change is the one that can come again later.
 */
const lockTimeoutMs = 250;
/** Milliseconds after which the server ends a statement, or a transaction whose client is gone. */
const maxMs = 27_000;

/**
 * Makes one change of the schema, in a transaction of its own that depends on no setting of the role or the database.
 * Each table wants a call of its own: locks are held to the end of a transaction.
 *
 * @throws what the database answers; 55P03 where a table is in use: the same call can be made again later.
 */
export async function changeSchema<T>(
  client: PgmqConnection,
  { lock, applicationName }: SchemaChangeOptions,
  change: () => Promise<T>,
): Promise<T> {
  await client.query(beginSql(applicationName));
  try {
    await client.query(`select pg_advisory_xact_lock(${lock})`);
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    const result = await change();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => undefined); // the connection is lost: `error` says so
    throw error;
  }
}

// Read committed: whoever has waited for the lock must see what was changed meanwhile. The scripts and functions of PGMQ have
// backslashes in their texts, which a role or a database may be set to read in the old way.
function beginSql(applicationName: string | undefined): string {
  const settings = [
    "begin isolation level read committed",
    "set local lock_timeout = 0",
    `set local statement_timeout = ${maxMs}`,
    `set local idle_in_transaction_session_timeout = ${maxMs}`,
    "set local standard_conforming_strings = on",
    "set local row_security = on",
  ];
  if (applicationName !== undefined)
    settings.push(`set local application_name = '${applicationName}'`);
  return settings.join("; ");
}
