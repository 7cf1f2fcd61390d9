import { once } from "node:events";
import { Socket } from "node:net";
import type { Settings } from "@tasker-observability/config";
import {
  abortAfter,
  type Clock,
  type Database,
  type WorkerContext,
} from "@tasker-observability/core";
import { fromPgPool, type SqlClient, type SqlStatement } from "@tasker-observability/postgres";
import pg from "pg";
import { WorkerStartError } from "../start-error.js";
import { createDirectConnection } from "../listening/direct-connection.js";
import { createInstanceName, type InstanceName } from "./instance-name.js";
import { sqlStateOf } from "../queues/sql-failure.js";
import { leaveReadOnly } from "./leave-read-only.js";
import { namingOwnServer, startOwnServer } from "./own-server.js";
import { refuseUnusable } from "./refuse-unusable.js";

/** The worker's database, open. */
export interface OpenDatabase {
  readonly database: Database & SqlClient;
  readonly pool: pg.Pool;
  /** What its connections are called. */
  readonly name: InstanceName;
  /** Where to LISTEN: a secret. */
  readonly listenUrl: string;
  /** Asks `SELECT 1` of the pool. @throws WorkerStartError with the statement to run where the role may not connect to the database. */
  connect(signal: AbortSignal): Promise<void>;
  /** Connects past the pool and asks `SELECT 1`. */
  pingDirectly(): Promise<void>;
  /** Cancels, past the pool, what runs under this application name, which the server would otherwise go on with. Takes seconds at most. Never rejects. */
  cancel(applicationName: string): Promise<void>;
  /** Ends the pool and stops the embedded server; takes seconds at most, whatever the network does. May be called twice. */
  close(): Promise<void>;
}

/** Milliseconds for connections to say goodbye before they are cut. */
const farewellMs = 1_000;

/**
 * Opens a pool on the configured server, or on an embedded one of this process's own where none is configured.
 *
 * @param onRestart - called where the embedded server has ended by itself and runs again, maybe without its data.
 * @throws WorkerStartError where the embedded server does not start, or where the driver can make nothing of a URL.
 */
export async function openDatabase(
  settings: Settings["common"]["database"],
  context: Pick<WorkerContext, "clock" | "identity" | "logger" | "liveness">,
  onRestart: () => void = () => undefined,
): Promise<OpenDatabase> {
  const { clock, logger } = context;
  const name = createInstanceName(context.identity.workerId);
  refuseUnusable("common.database.url (DATABASE_URL)", settings.url.reveal());
  refuseUnusable("common.database.listen_url", settings.listen_url.reveal());
  const embedded = settings.url.empty ? await startOwnServer(context, onRestart) : undefined;
  const connectionString = embedded?.url ?? settings.url.reveal();
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    connectionString,
    max: settings.pool.max_connections,
    connectionTimeoutMillis: settings.pool.acquire_timeout_seconds * 1_000,
    application_name: name.applicationName,
    keepAlive: true,
    stream: () => openSocket(sockets),
  });
  let closing: Promise<void> | undefined;
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on("error", (error) => {
    if (closing === undefined) logger("warn", "an idle connection broke", { error });
  });
  // The pool's own listener is away while a connection is in use, and whoever uses it is told by what it asks.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const database = leaveReadOnly(
    fromPgPool(pool, { preparedStatements: settings.prepared_statements }),
    pool,
  );
  return {
    database: embedded === undefined ? database : namingOwnServer(database, embedded),
    pool,
    name,
    connect: (signal) =>
      database.ping(signal).catch((error: unknown) => {
        throw sqlStateOf(error) === "42501" ? mayNotConnect(connectionString, error) : error;
      }),
    listenUrl: settings.listen_url.empty ? connectionString : settings.listen_url.reveal(),
    pingDirectly: () => askDirectly(connectionString, clock, { text: "select 1" }),
    cancel: (applicationName) =>
      askDirectly(connectionString, clock, { text: cancelText, values: [applicationName] }).catch(
        (error: unknown) => {
          logger("debug", "what was given up could not be cancelled on the server", { error });
        },
      ),
    close: () => (closing ??= endPool(pool, sockets, clock).then(() => embedded?.stop())),
  };
}

/** The catalog, which knows all other rights, cannot be asked yet. */
function mayNotConnect(connectionString: string, cause: unknown): WorkerStartError {
  const client = new pg.Client({ connectionString });
  const [database, role] = [client.database, client.user].map((name) =>
    client.escapeIdentifier(name ?? ""),
  );
  return new WorkerStartError(
    `This database role may not connect to the database. An administrator can run: GRANT CONNECT ON DATABASE ${database} TO ${role};`,
    { cause },
  );
}

/** The pool takes its clients for ended once they have been told to; whether their sockets close is for us to see to. */
function openSocket(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  return socket.once("close", () => sockets.delete(socket));
}

async function endPool(pool: pg.Pool, sockets: ReadonlySet<Socket>, clock: Clock): Promise<void> {
  const end = async (late: AbortSignal): Promise<void> => {
    late.addEventListener("abort", () => sockets.forEach((socket) => socket.destroy()));
    await pool.end();
    await Promise.all([...sockets].map((socket) => once(socket, "close")));
  };
  await abortAfter(end, { clock, timeoutMs: farewellMs, holdsProcess: true });
}

const cancelText =
  "select pg_cancel_backend(pid) from pg_catalog.pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()";

async function askDirectly(
  connectionString: string,
  clock: Clock,
  statement: SqlStatement,
): Promise<void> {
  const connection = createDirectConnection(connectionString, "tasker-watchdog", clock);
  try {
    await connection.client.connect();
    await connection.query(statement);
  } finally {
    await connection.close();
  }
}
