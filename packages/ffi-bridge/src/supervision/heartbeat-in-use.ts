import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Clock, sleep } from "@tasker-observability/core";
import { readHeartbeat } from "./heartbeat-content.js";

/** A file that is older than this has no writer. */
const freshMs = 15_000;
/** Longer than the time between two writings, which is 5 s. */
const observeMs = 7_000;
const pollMs = 100;

/** The files that this process writes. */
const own = new Set<string>();

/** Says that this process writes a file. @returns a function that ends it. */
export function claimHeartbeat(path: string): () => void {
  const absolute = resolve(path);
  own.add(absolute);
  return () => void own.delete(absolute);
}

/** How to look. */
export interface HeartbeatInUseOptions {
  readonly clock: Clock;
  /** Ends the looking, as if nobody wrote. */
  readonly signal: AbortSignal;
}

/**
 * Looks whether a running worker writes a heartbeat file: two that share one would each pass for the other. A file that a killed
 * worker left is no reason; where its process id belongs to somebody, it takes up to 7 s to see that nobody writes.
 *
 * @throws Error in one line that says so.
 */
export async function assertHeartbeatUnused(
  path: string,
  { clock, signal }: HeartbeatInUseOptions,
): Promise<void> {
  if (own.has(resolve(path))) throw inUse(path);
  const found = await readHeartbeat(path);
  const first = await lastWriteOf(path);
  if (found === null || first === null || Date.now() - first.atMs > freshMs) return;
  if (!isOther(found.pid)) return;
  const untilMs = clock.monotonicMs() + observeMs;
  while (clock.monotonicMs() < untilMs && !signal.aborted) {
    await sleep(pollMs, { clock, signal, holdsProcess: true });
    const now = await lastWriteOf(path);
    if (now === null) return;
    if (now.file !== first.file || now.atMs !== first.atMs) throw inUse(path);
  }
}

function inUse(path: string): Error {
  return new Error(
    `The heartbeat file ${path} is written by a running worker: stop it, or choose another path.`,
  );
}

/** Each writing is a file of its own. */
async function lastWriteOf(path: string): Promise<{ file: bigint; atMs: number } | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : { file: found.ino, atMs: Number(found.mtimeMs) };
}

/** Whether a process of that id runs that is not this one. Our own id is that of the container's worker before us. */
function isOther(pid: unknown): boolean {
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid)
    return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
