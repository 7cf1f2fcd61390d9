import type { Clock, Database, Logger } from "@tasker-observability/core";
import type { SqlStatement } from "@tasker-observability/postgres";
import pg from "pg";
import {
  type ConnectionTarget,
  createDirectConnection,
  toClientConfig,
} from "../notification-listener/direct-connection.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import { WorkerStartError } from "../worker-start-error.js";

/** Runs one statement on its own connection, without the pool. */
export async function queryDirectly(
  target: ConnectionTarget,
  clock: Clock,
  statement: SqlStatement,
): Promise<void> {
  const connection = createDirectConnection(target, "tasker-watchdog", clock);
  try {
    await connection.client.connect();
    await connection.query(statement);
  } finally {
    await connection.close();
  }
}

const cancelSql =
  "select pg_cancel_backend(pid) from pg_catalog.pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()";

/** Cancels the statements that run under an application name. Never rejects. */
export async function cancelDirectly(
  target: ConnectionTarget,
  applicationName: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  try {
    await queryDirectly(target, clock, { text: cancelSql, values: [applicationName] });
  } catch (error) {
    logger("debug", "a statement that timed out could not be cancelled on the server", {
      error,
    });
  }
}

/** @throws WorkerStartError with the GRANT to run if the role may not connect: the catalog cannot be read then. */
export async function pingOrExplain(
  database: Database,
  target: ConnectionTarget,
  signal: AbortSignal,
): Promise<void> {
  try {
    await database.ping(signal);
  } catch (error) {
    throw sqlStateOf(error) === "42501" ? missingConnectRight(target, error) : error;
  }
}

function missingConnectRight(target: ConnectionTarget, cause: unknown): WorkerStartError {
  const client = new pg.Client(toClientConfig(target));
  const [database, role] = [client.database, client.user].map((name) =>
    client.escapeIdentifier(name ?? ""),
  );
  return new WorkerStartError(
    `This database role may not connect to the database. An administrator can run: GRANT CONNECT ON DATABASE ${database} TO ${role};`,
    { cause },
  );
}
