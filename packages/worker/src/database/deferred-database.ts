import type { Database } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";

/** A database that opens later: everything is wired before. Until it opens, its check fails instead of being absent. */
export interface DeferredDatabase extends Database, SqlClient {
  open(database: Database & SqlClient): void;
  close(): void;
}

class DatabaseNotOpenError extends Error {
  override readonly name = "DatabaseNotOpenError";
  readonly code = "database_not_open";
}

export function createDeferredDatabase(): DeferredDatabase {
  let opened: (Database & SqlClient) | undefined;
  const current = (): Database & SqlClient => {
    if (opened === undefined) throw new DatabaseNotOpenError("The worker's database is not open.");
    return opened;
  };
  return Object.freeze({
    ping: async (signal: AbortSignal) => current().ping(signal),
    pool: () => opened?.pool() ?? null,
    withConnection: async <T>(...call: Parameters<SqlClient["withConnection"]>) =>
      current().withConnection(...call) as Promise<T>,
    open(database: Database & SqlClient) {
      opened = database;
    },
    close() {
      opened = undefined;
    },
  });
}
