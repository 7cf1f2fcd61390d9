import type { Database, PoolStatistics } from "@tasker-observability/core";
import { problemOf } from "@tasker-observability/core/options";
import { AcquireCounter } from "./acquire-counter.js";
import { readAdapterOptions, type SqlAdapterOptions } from "./adapter-options.js";
import type { SqlClient, SqlConnection, SqlRow, SqlStatement } from "./sql-client.js";
import { StatementNames } from "./statement-names.js";

/** The parts of a `pg` client that are used; the driver itself is never imported. */
export interface PgClientLike {
  /** Runs one statement; `name` prepares it on the connection. */
  query(statement: {
    text: string;
    values?: unknown[];
    name?: string;
  }): Promise<{ rows: unknown[] }>;
  /** Gives the connection back to the pool, or destroys it. */
  release(destroy?: boolean): void;
  /** Listens to errors of an idle connection. @default without it, the client reports no errors */
  on?(event: "error", listener: (error: Error) => void): unknown;
  /** Stops listening. */
  removeListener?(event: "error", listener: (error: Error) => void): unknown;
}

/** The parts of a `pg` Pool that are used. The user's own pool fits. */
export interface PgPoolLike {
  /** Calls back, as `pg` does, or returns a promise. */
  connect(
    callback: (error: Error | undefined, client: PgClientLike | undefined) => void,
  ): Promise<PgClientLike> | undefined;
  /** Connections that the pool has open. */
  readonly totalCount: number;
  /** Idle connections in the pool. */
  readonly idleCount: number;
  /** Callers that wait for a connection. */
  readonly waitingCount: number;
  /** The pool's options. Only `max` is read. @default no limit is known */
  readonly options?: { readonly max?: number | undefined } | undefined;
}

/** Recognizes a `pg` Pool by its structure. */
export function isPgPool(value: unknown): value is PgPoolLike {
  return (
    typeof value === "object" &&
    value !== null &&
    "connect" in value &&
    typeof value.connect === "function" &&
    "totalCount" in value
  );
}

/**
 * Adapts the user's own `pg` Pool to the `Database` port. The pool stays the user's and is never closed here. If a call
 * is aborted or fails, its connection is destroyed, and the pool opens a new one when it needs it.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every mistake in the pool and the options.
 * @example
 * const context = createWorkerContext({ ports: { database: fromPgPool(pool) } });
 */
export function fromPgPool(
  pool: PgPoolLike,
  options: SqlAdapterOptions = {},
): Database & SqlClient {
  const problem = isPgPool(pool) ? null : problemOf(["pool"], "a Pool of pg", pool);
  const names = new StatementNames(
    readAdapterOptions("fromPgPool", problem, options).preparedStatements,
  );
  const acquires = new AcquireCounter();
  const counted = { acquire: () => acquires.count(acquire(pool)) };
  const withConnection: SqlClient["withConnection"] = (use, { signal }) =>
    borrow(counted, signal, (client) => use(toConnection(client, names)));
  return Object.freeze({
    withConnection,
    ping: (signal: AbortSignal) => borrow(counted, signal, ping),
    pool: () => poolStatistics(pool, acquires),
  });
}

async function ping(client: PgClientLike): Promise<void> {
  await client.query({ text: "select 1" });
}

/** Stays pending while the pool has no free connection, so that no caller queues twice. */
async function borrow<T>(
  pool: { readonly acquire: () => Promise<PgClientLike> },
  signal: AbortSignal,
  use: (client: PgClientLike) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = await pool.acquire();
  let released = false;
  const release = (destroy: boolean): void => {
    if (released) return;
    released = true;
    client.release(destroy);
  };
  const destroy = (): void => release(true);
  signal.addEventListener("abort", destroy, { once: true });
  try {
    if (signal.aborted) release(false);
    signal.throwIfAborted();
    const result = await use(client);
    release(false);
    return result;
  } catch (error) {
    // A statement that failed may have left a transaction open; a new connection is cheaper than a wrong one.
    release(true);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", destroy);
    client.removeListener?.("error", ignore);
  }
}

/**
 * A client that is out of the pool has no error listener, and an error event without one ends the process. The event
 * may arrive in the same packet that made the client ready, so a promise would be too late.
 */
function acquire(pool: PgPoolLike): Promise<PgClientLike> {
  return new Promise((resolve, reject) => {
    let isTaken = false;
    const take = (client: PgClientLike | undefined): void => {
      if (client === undefined || isTaken) return;
      isTaken = true;
      client.on?.("error", ignore);
      resolve(client);
    };
    const answered = pool.connect((error, client) => {
      if (client === undefined) reject(error ?? new Error("The pool returned no client."));
      else take(client);
    });
    // Some pools support only promises; a wrapper may return one and also call back.
    answered?.then(take, reject);
  });
}

function ignore(): void {
  // The current statement rejects with the same error.
}

function toConnection(client: PgClientLike, names: StatementNames): SqlConnection {
  const run = async (statement: SqlStatement, name?: string): Promise<readonly SqlRow[]> => {
    const { text, values } = statement;
    const result = await client.query({
      text,
      ...(values === undefined ? {} : { values: [...values] }),
      ...(name === undefined ? {} : { name }),
    });
    // Several commands in one text have a result each.
    return Array.isArray(result) ? [] : (result.rows as readonly SqlRow[]);
  };
  return {
    query: (statement) =>
      statement.name === undefined
        ? run(statement)
        : names.run(
            () => run(statement, statement.name),
            () => run(statement),
          ),
  };
}

function poolStatistics(pool: PgPoolLike, acquires: AcquireCounter): PoolStatistics {
  return {
    size: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
    max: pool.options?.max ?? pool.totalCount,
    acquires: acquires.statistics(),
  };
}
