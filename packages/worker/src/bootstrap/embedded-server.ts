import type { Database, WorkerContext } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import {
  type RestartingPostgres,
  startRestartingPostgres,
} from "@tasker-observability/dev-postgres";
import { WorkerStartError } from "../start-error.js";

/**
 * Starts the embedded server, and tells the log and liveness what becomes of it.
 *
 * @param onRestart - called each time that it runs again: without the data of the one before, where they did not survive.
 * @throws WorkerStartError where it does not start.
 */
export async function startEmbeddedServer(
  { clock, logger, liveness }: Pick<WorkerContext, "clock" | "logger" | "liveness">,
  onRestart: () => void,
): Promise<RestartingPostgres> {
  try {
    return await startRestartingPostgres({
      clock,
      onEnd: (log) =>
        logger("error", "the embedded PostgreSQL ended by itself: it is started again", {
          last_lines: log,
        }),
      onRestart: () => {
        logger("warn", "the embedded PostgreSQL runs again", {});
        onRestart();
      },
      onFailure: (error, isLost) => {
        logger(
          "error",
          isLost
            ? "the embedded PostgreSQL is started no more: restart the worker, which gets an empty one, or set DATABASE_URL"
            : "the embedded PostgreSQL could not be started again",
          { error },
        );
        // A new process begins with a new server: only that cures it.
        if (isLost) liveness.report("embedded_server", "embedded_server_lost");
      },
    });
  } catch (error) {
    throw new WorkerStartError(
      error instanceof Error ? error.message : "The embedded PostgreSQL did not start.",
      { cause: error },
    );
  }
}

class EmbeddedServerDownError extends Error {
  override readonly name = "EmbeddedServerDownError";
  readonly code: string;

  constructor(isLost: boolean) {
    super(
      isLost
        ? "The embedded PostgreSQL is lost."
        : "The embedded PostgreSQL ended, and is being started again.",
    );
    this.code = isLost ? "EMBEDDED_SERVER_LOST" : "EMBEDDED_SERVER_RESTARTING";
  }
}

/** Has health say that the worker's own server is down, where a refused connection would send people to look for another. */
export function embeddedDatabase(
  database: Database & SqlClient,
  server: Pick<RestartingPostgres, "state">,
): Database & SqlClient {
  return Object.freeze({
    ...database,
    async ping(signal: AbortSignal) {
      const state = server.state();
      if (state !== "running") throw new EmbeddedServerDownError(state === "lost");
      await database.ping(signal);
    },
  });
}
