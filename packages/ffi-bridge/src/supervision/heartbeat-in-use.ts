import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { sleep } from "@tasker-observability/core";
import { clockOption, objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { readHeartbeat } from "./heartbeat-content.js";

/** An older file no longer has a writer. */
const freshMs = 15_000;
/** Longer than the interval between two writes, 5 s. */
const observeMs = 7_000;
const pollMs = 100;

/** The files that this process writes. */
const own = new Set<string>();

/** Records that this process writes a file. @returns a function that ends it. */
export function claimHeartbeat(path: string): () => void {
  const absolute = resolve(path);
  own.add(absolute);
  return () => void own.delete(absolute);
}

const heartbeatInUseOptionsSchema = z.strictObject({
  /** Measures how long to watch the file. */
  clock: clockOption,
  /** Ends the check as if no process wrote. */
  signal: objectLike<AbortSignal>({ name: "an AbortSignal", methods: ["addEventListener"] }),
});
/** Options of {@link assertHeartbeatUnused}. */
export type HeartbeatInUseOptions = z.input<typeof heartbeatInUseOptionsSchema>;

/**
 * Checks that no running worker writes a heartbeat file: a probe could not tell two such workers apart. The file of a
 * killed worker may stay. If its process id is in use again, the check takes up to 7 s.
 *
 * @throws Error, in one line, if a running worker writes it.
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export async function assertHeartbeatUnused(
  path: string,
  options: HeartbeatInUseOptions,
): Promise<void> {
  const { clock, signal } = parseOptions(
    "assertHeartbeatUnused",
    heartbeatInUseOptionsSchema,
    options,
  );
  if (own.has(resolve(path))) throw inUse(path);
  const found = await readHeartbeat(path);
  const first = await lastWriteOf(path);
  if (found === null || first === null || Date.now() - first.atMs > freshMs) return;
  if (!isOther(found.pid)) return;
  const untilMs = clock.monotonicMs() + observeMs;
  while (clock.monotonicMs() < untilMs && !signal.aborted) {
    await sleep(pollMs, { clock, signal, keepsProcessAlive: true });
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

/** Each write makes a new file. */
async function lastWriteOf(path: string): Promise<{ file: bigint; atMs: number } | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : { file: found.ino, atMs: Number(found.mtimeMs) };
}

/** Whether another process with that id runs. In a container, the previous worker had the same id as this one. */
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
