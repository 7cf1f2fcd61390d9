import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { urlOfDatabase, waitFor, withClient } from "@tasker-observability/testkit";
import { withFreePort } from "../embedded-postgres/free-port.js";

export interface PgBouncer {
  /** The database by way of the pooler. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts a PgBouncer in transaction mode before a database. @param program - its binary. */
export async function startPgBouncer(program: string, databaseUrl: string): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), "pgbouncer-"));
  await chmod(folder, 0o755);
  return withFreePort(async (port) => {
    const file = join(folder, "pgbouncer.ini");
    await writeFile(file, settingsFor(new URL(databaseUrl), port));
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(program, [file], { stdio: "ignore", ...user });
    const url = new URL(urlOfDatabase(databaseUrl, "pooled"));
    url.port = String(port);
    const close = async (): Promise<void> => {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    };
    await untilItAnswers(child, url.href).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return { url: url.href, close };
  }, () => false);
}

function settingsFor({ hostname, port, pathname, username, password }: URL, listenPort: number): string {
  return [
    "[databases]",
    `pooled = host=${hostname} port=${port} dbname=${pathname.slice(1)} user=${username} password=${password}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${listenPort}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    "default_pool_size = 8",
    "",
  ].join("\n");
}

async function untilItAnswers(child: ChildProcess, url: string): Promise<void> {
  await waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}.`);
      await withClient(url, (client) => client.query("select 1"));
      return true;
    },
    { what: "PgBouncer", timeoutMs: 5_000 },
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
