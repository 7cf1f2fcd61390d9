import type { Database, WorkerContext } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import {
  type RestartingPostgres,
  startRestartingPostgres,
} from "@tasker-observability/dev-postgres";
import { WorkerStartError } from "../worker-start-error.js";

/**
 * Starts the embedded server, and reports its restarts and failures to the log and to liveness.
 *
 * @param databaseSetting - what the setting of the database is called, for messages.
 * @param onRestart - called after each restart; the data may be lost.
 * @throws WorkerStartError if it does not start.
 */
export async function startEmbeddedServer(
  { clock, logger, liveness }: Pick<WorkerContext, "clock" | "logger" | "liveness">,
  databaseSetting: string,
  onRestart: () => void,
): Promise<RestartingPostgres> {
  try {
    return await startRestartingPostgres({
      clock,
      onEnd: (log) =>
        logger("error", "the embedded PostgreSQL exited: restarting it", {
          last_lines: log,
        }),
      onRestart: () => {
        logger("warn", "the embedded PostgreSQL is running again", {});
        onRestart();
      },
      onFailure: (error, isLost) => {
        logger(
          "error",
          isLost
            ? `the embedded PostgreSQL cannot be restarted: restart the worker, which creates an empty one, or set ${databaseSetting}`
            : "the embedded PostgreSQL could not be restarted: trying again",
          { error },
        );
        // Only a new process, with a new server, fixes this.
        if (isLost) liveness.report("embedded_server", "embedded_server_lost");
      },
    });
  } catch (error) {
    const reason =
      error instanceof Error ? error.message : "The embedded PostgreSQL did not start.";
    throw new WorkerStartError(`${reason}\nTo use your own server, set ${databaseSetting}.`, {
      cause: error,
    });
  }
}

class EmbeddedServerDownError extends Error {
  override readonly name = "EmbeddedServerDownError";
  readonly code: string;

  constructor(isLost: boolean) {
    super(
      isLost
        ? "The embedded PostgreSQL is lost."
        : "The embedded PostgreSQL exited and is restarting.",
    );
    this.code = isLost ? "EMBEDDED_SERVER_LOST" : "EMBEDDED_SERVER_RESTARTING";
  }
}

/** Lets health report that the embedded server is down: a refused connection would point to another server. */
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
