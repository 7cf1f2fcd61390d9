import { Socket } from "node:net";
import { type Clock, withDeadline } from "@tasker-observability/core";
import type { SqlRow, SqlStatement } from "@tasker-observability/postgres";
import pg from "pg";

/** The target of a connection: a URL, or a pool's connection settings. A secret. */
export type ConnectionTarget = string | pg.ClientConfig;

/** A connection outside of the pool, which closes in bounded time whatever the network does. */
export interface DirectConnection {
  readonly client: pg.Client;
  /** Runs a statement when those before it have ended. */
  readonly query: (statement: SqlStatement) => Promise<readonly SqlRow[]>;
  /** Takes a second at most; afterwards the client's events have no effect. Idempotent. Never rejects. */
  close(): Promise<void>;
}

const limitMs = 5_000;
const closeTimeoutMs = 1_000;

/** Makes a client with time-outs of five seconds; `client.connect()` connects it. */
export function createDirectConnection(
  target: ConnectionTarget,
  applicationName: string,
  clock: Clock,
): DirectConnection {
  // Over a broken network the server never closes its side, and the driver waits for it: so the socket is destroyed here.
  const socket = new Socket();
  const client = new pg.Client({
    ...toClientConfig(target),
    application_name: applicationName,
    connectionTimeoutMillis: limitMs,
    query_timeout: limitMs,
    keepAlive: true,
    stream: () => socket,
  });
  // A cut connection emits an error on the client, and an error without a listener ends the process.
  client.on("error", () => undefined);
  let last: Promise<unknown> = Promise.resolve();
  return {
    client,
    query({ text, values }) {
      const asked = last.then(() => client.query<SqlRow>(text, values && [...values]));
      last = asked.catch(() => undefined);
      return asked.then(({ rows }) => rows);
    },
    async close() {
      client.removeAllListeners();
      client.on("error", () => undefined);
      const ended = client.end().catch(() => undefined);
      await withDeadline(ended, {
        clock,
        timeoutMs: closeTimeoutMs,
        keepsProcessAlive: true,
        onGiveUp: () => undefined,
      });
      socket.destroy();
    },
  };
}

/** The driver's options. */
export function toClientConfig(target: ConnectionTarget): pg.ClientConfig {
  return typeof target === "string" ? { connectionString: target } : target;
}
