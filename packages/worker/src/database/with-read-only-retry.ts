import type { Database } from "@tasker-observability/core";
import type { PgPoolLike, SqlClient } from "@tasker-observability/postgres";
import { failureScope, sqlStateOf } from "../queues/sql-failure.js";

/**
 * Wraps a database: after the first "read-only" error it closes the idle connections and retries once on a new one. Connections to
 * a demoted server, or from when the role was read-only, would otherwise stay in the pool.
 */
export function withReadOnlyRetry(
  database: Database & SqlClient,
  pool: PgPoolLike,
): Database & SqlClient {
  const withConnection: SqlClient["withConnection"] = async (use, call) => {
    try {
      return await database.withConnection(use, call);
    } catch (error) {
      if (sqlStateOf(error) !== "25006" || failureScope(error) !== "database") throw error;
      destroyIdleConnections(pool);
      return database.withConnection(use, call);
    }
  };
  return Object.freeze({
    ping: (signal: AbortSignal) => database.ping(signal),
    pool: () => database.pool(),
    withConnection,
  });
}

/** Takes and destroys the idle connections synchronously, so that the next caller gets a new one. */
function destroyIdleConnections(pool: PgPoolLike): void {
  // Without a client, another caller took the connection first.
  for (let left = pool.idleCount; left > 0; left -= 1)
    void pool.connect((_error, client) => client?.release(true));
}
