import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const pollMs = 5;

/**
 * Waits until the server accepts connections: it says so in the eighth line of `postmaster.pid`, where `pg_ctl` looks too.
 * The first line tells a file of ours from one that a killed server left.
 */
export async function untilReady(
  server: { readonly dataDirectory: string; readonly pid: number; readonly gone: Promise<void> },
  timeoutMs: number,
): Promise<void> {
  const file = join(server.dataDirectory, "postmaster.pid");
  const end = server.gone.then(() => "gone" as const);
  for (let deadline = performance.now() + timeoutMs; performance.now() < deadline;) {
    if (await isReady(file, server.pid)) return;
    if ((await Promise.race([end, sleep(pollMs)])) === "gone")
      throw new Error("the server exited while it was starting");
  }
  throw new Error(`the server accepted no connections within ${timeoutMs} ms`);
}

async function isReady(file: string, pid: number): Promise<boolean> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}
