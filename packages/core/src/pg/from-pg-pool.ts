import type { Database, PoolStatistics } from "../ports.js";
import type { SqlClient, SqlConnection, SqlRow, SqlStatement } from "../sql-client.js";

/** What is used of a `pg` client; the driver itself is never imported. */
export interface PgClientLike {
  query(statement: { text: string; values?: unknown[]; name?: string }): Promise<{ rows: unknown[] }>;
  release(destroy?: boolean): void;
  on?(event: "error", listener: (error: Error) => void): unknown;
  removeListener?(event: "error", listener: (error: Error) => void): unknown;
}

/** What is used of a `pg` Pool: the user's own fits as it is. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options?: { readonly max?: number | undefined } | undefined;
}

export interface PgAdapterOptions {
  /** False where a transaction pooler stands between, which knows no named statements. @default true */
  readonly preparedStatements?: boolean | undefined;
}

/** Tells a `pg` Pool by its structure. */
export function isPgPool(value: unknown): value is PgPoolLike {
  return typeof value === "object" && value !== null && "connect" in value && typeof value.connect === "function" && "totalCount" in value;
}

/**
 * Views the user's own `pg` Pool as a database to ask. The pool stays the user's: it is never closed here.
 *
 * @example
 * const context = createWorkerContext({ ports: { database: fromPgPool(pool) } });
 */
export function fromPgPool(pool: PgPoolLike, options: PgAdapterOptions = {}): Database & SqlClient {
  const prepared = options.preparedStatements ?? true;
  const withConnection: SqlClient["withConnection"] = (use, { signal }) => borrow(pool, signal, (client) => use(toConnection(client, prepared)));
  return Object.freeze({
    withConnection,
    ping: (signal: AbortSignal) => borrow(pool, signal, ping),
    pool: () => poolStatistics(pool),
  });
}

async function ping(client: PgClientLike): Promise<void> {
  await client.query({ text: "select 1" });
}

/** Stays pending while the pool has no connection to give, so that nobody can queue for one twice. */
async function borrow<T>(pool: PgPoolLike, signal: AbortSignal, use: (client: PgClientLike) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  if (signal.aborted) {
    client.release();
    throw toError(signal.reason);
  }
  let released = false;
  const release = (destroy: boolean): void => {
    if (released) return;
    released = true;
    client.release(destroy);
  };
  const destroy = (): void => release(true);
  // A client that is out of the pool has no error listener, and an error event without one ends the process.
  client.on?.("error", ignore);
  signal.addEventListener("abort", destroy, { once: true });
  try {
    const result = await use(client);
    release(false);
    return result;
  } catch (error) {
    // A statement that failed may have left a transaction open; a new connection is cheaper than a wrong one.
    release(true);
    throw error;
  } finally {
    signal.removeEventListener("abort", destroy);
    client.removeListener?.("error", ignore);
  }
}

function ignore(): void {
  // The statement under way rejects with the same error.
}

function toConnection(client: PgClientLike, prepared: boolean): SqlConnection {
  return {
    async query(statement: SqlStatement) {
      const { rows } = await client.query({
        text: statement.text,
        ...(statement.values === undefined ? {} : { values: [...statement.values] }),
        ...(prepared && statement.name !== undefined ? { name: statement.name } : {}),
      });
      return rows as readonly SqlRow[];
    },
  };
}

function poolStatistics(pool: PgPoolLike): PoolStatistics {
  return { size: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, max: pool.options?.max ?? pool.totalCount };
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("aborted");
}
