import type { Database } from "../ports.js";
import type { SqlClient, SqlConnection, SqlRow, SqlStatement } from "../sql-client.js";

/** A postgres.js query: a promise that can be cancelled. */
export interface PostgresQueryLike extends PromiseLike<readonly unknown[]> {
  cancel(): void;
}

/** A connection taken out of a postgres.js pool. */
export interface PostgresReservedLike {
  unsafe(text: string, values?: (string | number | null)[], options?: { prepare?: boolean }): PostgresQueryLike;
  release(): void;
}

/** What is used of postgres.js' `sql`: the user's own fits as it is; the driver itself is never imported. */
export interface PostgresSqlLike {
  reserve(): Promise<PostgresReservedLike>;
  readonly options: { readonly max: number };
}

export interface PostgresAdapterOptions {
  /** False where a transaction pooler stands between, which knows no named statements. @default true */
  readonly preparedStatements?: boolean | undefined;
}

/** Tells postgres.js' `sql` by its structure. */
export function isPostgresSql(value: unknown): value is PostgresSqlLike {
  return typeof value === "function" && "reserve" in value && typeof value.reserve === "function" && "unsafe" in value;
}

/**
 * Views the user's own postgres.js `sql` as a database to ask. It stays the user's: it is never ended here.
 * postgres.js does not tell how many connections it holds, so `pool()` is null.
 */
export function fromPostgres(sql: PostgresSqlLike, options: PostgresAdapterOptions = {}): Database & SqlClient {
  const prepared = options.preparedStatements ?? true;
  const withConnection: SqlClient["withConnection"] = (use, { signal }) => borrow(sql, signal, prepared, use);
  return Object.freeze({
    withConnection,
    ping: (signal: AbortSignal) => borrow(sql, signal, prepared, ping),
    pool: () => null,
  });
}

async function ping(connection: SqlConnection): Promise<void> {
  await connection.query({ text: "select 1" });
}

async function borrow<T>(
  sql: PostgresSqlLike,
  signal: AbortSignal,
  prepared: boolean,
  use: (connection: SqlConnection) => Promise<T>,
): Promise<T> {
  const reserved = await sql.reserve();
  const connection = new ReservedConnection(reserved, prepared);
  const cancel = (): void => connection.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await use(connection);
  } catch (error) {
    // A reserved connection cannot be destroyed; what a failed statement left open is rolled back instead.
    await connection.query({ text: "rollback" }).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    reserved.release();
  }
}

class ReservedConnection implements SqlConnection {
  readonly #reserved: PostgresReservedLike;
  readonly #prepared: boolean;
  #running: PostgresQueryLike | undefined;

  constructor(reserved: PostgresReservedLike, prepared: boolean) {
    this.#reserved = reserved;
    this.#prepared = prepared;
  }

  async query(statement: SqlStatement): Promise<readonly SqlRow[]> {
    const query =
      statement.values === undefined && statement.name === undefined
        ? this.#reserved.unsafe(statement.text)
        : this.#reserved.unsafe(statement.text, [...(statement.values ?? [])], { prepare: this.#prepared && statement.name !== undefined });
    this.#running = query;
    try {
      return (await query) as readonly SqlRow[];
    } finally {
      this.#running = undefined;
    }
  }

  cancel(): void {
    this.#running?.cancel();
  }
}
