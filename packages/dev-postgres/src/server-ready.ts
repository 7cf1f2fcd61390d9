import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withDeadline } from "@tasker-observability/core";

const pollWait = { timeoutMs: 5, keepsProcessAlive: true, onGiveUp: () => false };

/**
 * Waits until the server accepts connections: the eighth line of `postmaster.pid`, which `pg_ctl` reads too, says so.
 * The first line distinguishes our file from one that a killed server left.
 */
export async function untilReady(
  server: { readonly dataDirectory: string; readonly pid: number; readonly gone: Promise<void> },
  timeoutMs: number,
): Promise<void> {
  const file = join(server.dataDirectory, "postmaster.pid");
  const gone = server.gone.then(() => true);
  for (let deadline = performance.now() + timeoutMs; performance.now() < deadline;) {
    if (await isReady(file, server.pid)) return;
    if (await withDeadline(gone, pollWait))
      throw new Error("the server exited while it was starting");
  }
  throw new Error(`the server accepted no connections within ${timeoutMs} ms`);
}

async function isReady(file: string, pid: number): Promise<boolean> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}
