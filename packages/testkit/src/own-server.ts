import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@tasker-observability/dev-postgres";
import { installPgmq } from "@tasker-observability/pgmq/install";
import { withClient } from "./test-server.js";

/** A PostgreSQL server of one test file's own, to be stopped, killed and started again under the same URL. */
export interface OwnServer {
  /** The superuser's URL; the same after every start. */
  readonly url: string;
  readonly port: number;
  /** Fast shutdown: clients are disconnected. */
  stop(): Promise<void>;
  /** Starts it again, with the same data, after `stop` or `kill`. */
  start(): Promise<void>;
  /** SIGKILL, as a crash would; resolves when all its processes have gone. */
  kill(): Promise<void>;
  /** Stops it for good and removes its data. May be called again. */
  close(): Promise<void>;
}

/** Starts a server whose data outlives its stops; PGMQ is installed where wanted. */
export async function startOwnServer(
  options: {
    readonly pgmq?: boolean | undefined;
    readonly settings?: Readonly<Record<string, string>> | undefined;
  } = {},
): Promise<OwnServer> {
  const directory = join(tmpdir(), `testkit-${randomBytes(6).toString("hex")}`);
  const start = (port?: number): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ directory, port, durable: false, settings: options.settings });
  let server = await start();
  if (options.pgmq === true) await withClient(server.url, installPgmq);
  const { url, port } = server;
  return {
    url,
    port,
    stop: () => server.stop(),
    start: async () => {
      server = await start(port);
    },
    kill: async () => {
      process.kill(server.pid, "SIGKILL");
      await server.exited;
    },
    close: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
