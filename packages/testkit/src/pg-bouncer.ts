import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withClient } from "./test-server.js";
import { waitFor } from "./wait-for.js";

/** A real PgBouncer in transaction mode. */
export interface PgBouncer {
  /** The database by way of the pooler. */
  readonly url: string;
  /** May be called again. */
  close(): Promise<void>;
}

export interface PgBouncerOptions {
  /** The command that starts it, as `PGBOUNCER` names it. */
  readonly program: string;
  readonly databaseUrl: string;
  /** Connections to the server; with fewer than the clients have, statements of one client meet on several. @default 8 */
  readonly poolSize?: number | undefined;
}

/** It refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 };

/** @throws Error if it does not answer, with its last refusal as the cause. */
export async function startPgBouncer({
  program,
  databaseUrl,
  poolSize = 8,
}: PgBouncerOptions): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), "pgbouncer-"));
  const file = join(folder, "pgbouncer.ini");
  // Below the ports of outgoing connections, so that none of them has it.
  const port = randomInt(20_000, 32_768);
  await writeFile(file, settingsFor(new URL(databaseUrl), port, poolSize), { mode: 0o600 });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const path of [folder, file]) await chown(path, nobody.uid, nobody.gid);
  const child = spawn(program, [file], { stdio: "ignore", cwd: "/", ...(isRoot ? nobody : {}) });
  const pooler = {
    url: `postgres://anybody:any@127.0.0.1:${port}/pooled`,
    async close() {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
  await waitFor(() => withClient(pooler.url, (client) => client.query("select 1")), {
    what: "PgBouncer",
  }).catch(async (error: unknown) => {
    await pooler.close();
    throw error;
  });
  return pooler;
}

function settingsFor(
  { hostname, port, pathname, username, password }: URL,
  listenPort: number,
  poolSize: number,
): string {
  return [
    "[databases]",
    `pooled = host=${hostname} port=${port} dbname=${pathname.slice(1)} user=${username} password=${password}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${listenPort}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    `default_pool_size = ${poolSize}`,
    "server_login_retry = 1",
    "",
  ].join("\n");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
