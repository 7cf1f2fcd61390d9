import type { Database } from "@tasker-observability/core";
import { problemOf } from "@tasker-observability/core/options";
import { readAdapterOptions, type SqlAdapterOptions } from "./adapter-options.js";
import type { SqlClient } from "./sql-client.js";
import { StatementNames } from "./statement-names.js";
import type { PostgresSqlLike } from "./postgres-like.js";
import { ReservedConnection, severityOf } from "./reserved-connection.js";

/** Recognizes postgres.js' `sql` by its structure. */
export function isPostgresSql(value: unknown): value is PostgresSqlLike {
  return (
    typeof value === "function" &&
    "reserve" in value &&
    typeof value.reserve === "function" &&
    "unsafe" in value
  );
}

/**
 * Adapts the user's own postgres.js `sql` to the `Database` port. It stays the user's and is never ended here.
 *
 * What postgres.js cannot do: tell how many connections it has open, so `pool()` is null; destroy one connection, so
 * what hangs in a dead network stays pending until the driver gives it up; bear the loss of a lent connection between
 * two statements, so a `use` should not pause there; lend a connection if its option `fetch_types` is false, so
 * `withConnection` rejects then.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists everything wrong with `sql` and the options.
 */
export function fromPostgres(
  sql: PostgresSqlLike,
  options: SqlAdapterOptions = {},
): Database & SqlClient {
  const problem = isPostgresSql(sql) ? null : problemOf(["sql"], "the sql of postgres.js", sql);
  const names = new StatementNames(
    readAdapterOptions("fromPostgres", problem, options).preparedStatements,
  );
  const withConnection: SqlClient["withConnection"] = async (use, { signal }) => {
    signal.throwIfAborted();
    const connection = await reserve(sql, names, signal);
    try {
      return await use(connection);
    } catch (error) {
      await connection.reset();
      signal.throwIfAborted();
      throw error;
    } finally {
      connection.release();
    }
  };
  return Object.freeze({
    withConnection,
    async ping(signal: AbortSignal) {
      signal.throwIfAborted();
      await askOnce(sql);
    },
    pool: () => null,
  });
}

/**
 * If a connection ended in the middle of a statement, it answers the first statement after reconnecting with the old
 * error.
 */
async function askOnce(sql: PostgresSqlLike): Promise<void> {
  try {
    await sql.unsafe("select 1");
  } catch (error) {
    if (severityOf(error) !== "FATAL") throw error;
    await sql.unsafe("select 1");
  }
}

async function reserve(
  sql: PostgresSqlLike,
  names: StatementNames,
  signal: AbortSignal,
): Promise<ReservedConnection> {
  if (sql.options.fetch_types === false) {
    throw new Error(
      "postgres.js reserves no new connection when fetch_types is false: remove that option to use withConnection.",
    );
  }
  // Only then is there an open connection to reserve: after a loss, the driver loses a connection that it opens for a
  // reservation.
  await askOnce(sql);
  return new ReservedConnection(await sql.reserve(), {
    names,
    signal,
    toColumn: sql.options.transform?.column?.to,
  });
}
