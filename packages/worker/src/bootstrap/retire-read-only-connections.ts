import type { Database } from "@tasker-observability/core";
import type { PgPoolLike, SqlClient } from "@tasker-observability/postgres";
import { isQueueFault, sqlStateOf } from "../queues/sql-failure.js";

/**
 * Views a database so that connections to a server that was demoted, or that were opened while a role was read-only, are left
 * at the first refusal: they would live on in the pool. What was refused is tried once more, on a connection that is new.
 */
export function retireReadOnlyConnections(
  database: Database & SqlClient,
  pool: PgPoolLike,
): Database & SqlClient {
  const withConnection: SqlClient["withConnection"] = async (use, call) => {
    try {
      return await database.withConnection(use, call);
    } catch (error) {
      if (sqlStateOf(error) !== "25006" || isQueueFault(error)) throw error;
      retireIdle(pool);
      return database.withConnection(use, call);
    }
  };
  return Object.freeze({
    ping: (signal: AbortSignal) => database.ping(signal),
    pool: () => database.pool(),
    withConnection,
  });
}

/** They are asked for before anybody else asks, so that whoever comes next is given a new one. */
function retireIdle(pool: PgPoolLike): void {
  // Without a client somebody else took it meanwhile, and the pool had no other.
  for (let left = pool.idleCount; left > 0; left -= 1)
    void pool.connect((_error, client) => client?.release(true));
}
