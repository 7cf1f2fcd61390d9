import { once } from "node:events";
import { Socket } from "node:net";
import { abortAfter, type Clock } from "@tasker-observability/core";
import { fromPgPool } from "@tasker-observability/postgres";
import pg from "pg";
import type { WorkerSettings } from "../options/worker-options.js";
import { queryDirectly, cancelDirectly, pingOrExplain } from "./direct-queries.js";
import {
  type ConnectionTarget,
  toClientConfig,
} from "../notification-listener/direct-connection.js";
import { createInstanceName } from "./instance-name.js";
import type { DatabaseContext, DatabaseHandle } from "./database-handle.js";
import { withReadOnlyRetry } from "./with-read-only-retry.js";

/** After this, connections that are still closing are destroyed. */
const closeTimeoutMs = 1_000;

interface PoolSettings extends Pick<
  WorkerSettings,
  "acquireTimeoutMs" | "poolSize" | "preparedStatements"
> {
  readonly listenTarget?: ConnectionTarget | undefined;
}

/** The worker's own pool. */
export interface OpenPool extends DatabaseHandle {
  readonly pool: pg.Pool;
}

export function openPool(
  target: ConnectionTarget,
  { poolSize, acquireTimeoutMs, preparedStatements, listenTarget }: PoolSettings,
  { clock, logger, identity }: DatabaseContext,
): OpenPool {
  const name = createInstanceName(identity.workerId);
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    ...toClientConfig(target),
    max: poolSize,
    connectionTimeoutMillis: acquireTimeoutMs,
    application_name: name.applicationName,
    keepAlive: true,
    stream: () => openSocket(sockets),
  });
  let closing: Promise<void> | undefined;
  // The pool replaces an idle connection that breaks; without a listener the event would end the process.
  pool.on("error", (error) => {
    if (closing === undefined) logger("warn", "an idle connection was lost", { error });
  });
  // The pool removes its listener while a connection is in use; its user sees the error from the query.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const database = withReadOnlyRetry(fromPgPool(pool, { preparedStatements }), pool);
  return {
    database,
    pool,
    instanceName: name,
    ping: (signal) => pingOrExplain(database, target, signal),
    listenTarget: listenTarget ?? target,
    pingDirectly: () => queryDirectly(target, clock, { text: "select 1" }),
    cancel: (applicationName) => cancelDirectly(target, applicationName, { clock, logger }),
    close: () => (closing ??= endPool(pool, sockets, clock)),
  };
}

/** The pool considers a client ended before its socket is closed: the sockets are tracked here. */
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
  await abortAfter(end, { clock, timeoutMs: closeTimeoutMs, keepsProcessAlive: true });
}
