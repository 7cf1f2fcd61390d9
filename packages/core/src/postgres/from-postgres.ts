import type { Database } from "../ports.js";
import type { SqlClient } from "../sql-client.js";
import { StatementNames } from "../statement-names.js";
import { ReservedConnection } from "./reserved-connection.js";

/** A postgres.js query. */
export type PostgresQueryLike = PromiseLike<readonly unknown[]>;

type Unsafe = (text: string, values?: (string | number | null)[], options?: { prepare?: boolean; simple?: boolean }) => PostgresQueryLike;

/** A connection taken out of a postgres.js pool. */
export interface PostgresReservedLike {
  readonly unsafe: Unsafe;
  release(): void;
}

/** What is used of postgres.js' `sql`: the user's own fits as it is; the driver itself is never imported. */
export interface PostgresSqlLike {
  readonly unsafe: Unsafe;
  reserve(): Promise<PostgresReservedLike>;
  readonly options: {
    readonly max: number;
    readonly fetch_types?: boolean | undefined;
    readonly transform?: { readonly column?: { readonly to?: ((column: string) => string) | undefined } | undefined } | undefined;
  };
}

export interface PostgresAdapterOptions {
  /**
   * False where a transaction pooler stands between, which knows no named statements.
   * True finds that out by the first refusal, runs the statement without its name, and names none from then on. @default true
   */
  readonly preparedStatements?: boolean | undefined;
}

/** Tells postgres.js' `sql` by its structure. */
export function isPostgresSql(value: unknown): value is PostgresSqlLike {
  return typeof value === "function" && "reserve" in value && typeof value.reserve === "function" && "unsafe" in value;
}

/**
 * Views the user's own postgres.js `sql` as a database to ask. It stays the user's: it is never ended here.
 *
 * postgres.js does not tell how many connections it holds, so `pool()` is null. It cannot destroy one connection, so what
 * hangs in a dead network stays pending until the driver gives it up. With its option `fetch_types: false` it lends no
 * connection on its own, so `withConnection` rejects then.
 */
export function fromPostgres(sql: PostgresSqlLike, options: PostgresAdapterOptions = {}): Database & SqlClient {
  const names = new StatementNames(options.preparedStatements ?? true);
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
      await sql.unsafe("select 1");
    },
    pool: () => null,
  });
}

async function reserve(sql: PostgresSqlLike, names: StatementNames, signal: AbortSignal): Promise<ReservedConnection> {
  if (sql.options.fetch_types === false) {
    throw new Error("postgres.js never lends a new connection where fetch_types is false: leave that option out to use withConnection.");
  }
  return new ReservedConnection(await sql.reserve(), { names, signal, toColumn: sql.options.transform?.column?.to });
}
