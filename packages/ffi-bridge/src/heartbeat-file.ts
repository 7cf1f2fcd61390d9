import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  contextOption,
  delayMs,
  functionOption,
  parseOptions,
  textOption,
} from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { type HeartbeatContent, readHeartbeat } from "./supervision/heartbeat-content.js";
import { claimHeartbeat } from "./supervision/heartbeat-in-use.js";
import { assertRegularFile } from "./supervision/heartbeat-path.js";

export const heartbeatFileOptionsSchema = z.strictObject({
  /** The worker whose state the file shows. */
  context: contextOption,
  /** The file's path, in a writable folder. */
  path: textOption(),
  /** Called before each write while the worker runs, for `probe ready --file`. Must not reject. @default none */
  ready: z.optional(functionOption<() => Promise<boolean>>("() => Promise<boolean>")),
  /** The time between two writes. @default 5000 */
  everyMs: z._default(delayMs(), 5_000),
});
/** Options of {@link startHeartbeatFile}. */
export type HeartbeatFileOptions = z.input<typeof heartbeatFileOptionsSchema>;

/** A file that is renewed while the worker is alive. */
export interface HeartbeatFile {
  /** Removes the file. Idempotent. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Writes a file now, every few seconds and at each change of the worker's lifecycle, while the worker is alive: neither
 * stopped nor dead by `context.liveness`. Each write goes to a temporary file that is then renamed: no reader sees half
 * of it. A failed write is logged once, and tried again; anything but a regular file at the path is left alone. A file
 * that was removed, with its folder or without, is created again and logged, and so is another process that writes the
 * same file.
 *
 * @example
 * const heartbeat = startHeartbeatFile({ context, path: "/run/orders/heartbeat", ready: () => observability.ready() });
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function startHeartbeatFile(options: HeartbeatFileOptions): HeartbeatFile {
  const writer = new HeartbeatWriter(
    parseOptions("startHeartbeatFile", heartbeatFileOptionsSchema, options),
  );
  writer.beat();
  return Object.freeze({ stop: () => writer.stop() });
}

class HeartbeatWriter {
  readonly #options: z.output<typeof heartbeatFileOptionsSchema>;
  readonly #endListening: () => void;
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #stopped = false;
  #failed = false;
  /** The last file that was written. */
  #written: string | null = null;
  #folderMode: number | null = null;
  #isShared = false;
  readonly #endClaim: () => void;

  constructor(options: z.output<typeof heartbeatFileOptionsSchema>) {
    this.#options = options;
    this.#endClaim = claimHeartbeat(options.path);
    this.#endListening = options.context.lifecycle.onChange(() => this.beat());
  }

  /** Writes as soon as nothing else is being written, and from then on at intervals. */
  beat(): void {
    this.#writing = this.#writing.then(() => this.#beat());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endListening();
    this.#cancel?.();
    await this.#writing;
    await this.#remove().catch(() => undefined);
    this.#endClaim();
  }

  async #remove(): Promise<void> {
    await assertRegularFile(this.#options.path);
    await rm(this.#options.path, { force: true });
  }

  async #beat(): Promise<void> {
    const { context, everyMs } = this.#options;
    this.#cancel?.();
    const isAlive =
      context.liveness.deadReason() === null && context.lifecycle.current() !== "stopped";
    if (isAlive && !this.#stopped) await this.#write();
    if (this.#stopped) return;
    this.#cancel = context.clock.after(everyMs, () => this.beat());
  }

  /** A worker that does not run is not ready. Its checks are skipped: they would report parts that are not open yet. */
  async #isReady(): Promise<boolean | null> {
    const { context, ready } = this.#options;
    if (ready === undefined) return null;
    return context.lifecycle.current() === "running" && (await ready());
  }

  async #write(): Promise<void> {
    const { context, path } = this.#options;
    const temporary = `${path}.${randomUUID().slice(0, 8)}`;
    try {
      const content: HeartbeatContent = {
        status: "alive",
        ready: await this.#isReady(),
        timestamp: context.timestamp(),
        worker_id: context.identity.workerId,
        pid: process.pid,
      };
      await this.#makeFolder();
      await writeFile(temporary, `${JSON.stringify(content)}\n`, { mode: 0o644 });
      await assertRegularFile(path);
      await this.#checkLastWritten();
      const written = await fileIdentity(temporary);
      await rename(temporary, path);
      this.#written = written;
      this.#failed = false;
    } catch (error) {
      if (!this.#failed)
        context.logger("warn", "the heartbeat file could not be written", { error });
      this.#failed = true;
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Creates a folder that existed before again, with its earlier mode, because systems clean temporary folders. */
  async #makeFolder(): Promise<void> {
    const folder = dirname(this.#options.path);
    const found = await stat(folder, { bigint: true }).catch(() => null);
    if (found !== null) this.#folderMode = Number(found.mode & 0o7777n);
    else if (this.#folderMode !== null)
      await mkdir(folder, { recursive: true, mode: this.#folderMode });
  }

  /** Says what happened to the file since the last write. */
  async #checkLastWritten(): Promise<void> {
    const { context, path } = this.#options;
    if (this.#written === null) return;
    const isOurs = (await fileIdentity(path)) === this.#written;
    const isShared = !isOurs && (await readHeartbeat(path)) !== null;
    if (isShared && !this.#isShared)
      context.logger(
        "error",
        "another process writes the same heartbeat file: probes see one or the other. Give each worker its own file",
        { path },
      );
    if (!isShared && !isOurs)
      context.logger("warn", "the heartbeat file had been deleted, and was written again", {
        path,
      });
    this.#isShared = isShared;
  }
}

/** Distinguishes a file from one that another process put in its place: a file system may reuse the inode number. */
async function fileIdentity(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.ino}:${found.mtimeNs}`;
}
