import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Clock } from "@tasker-observability/core";
import { ListeningSocket, type ListeningSocketOptions } from "./listening-socket.js";
import { assertFolderExists, findStaleFile } from "./socket-file.js";

/** Milliseconds between two checks of the file. */
const watchEveryMs = 5_000;

export interface PersistentSocketOptions extends ListeningSocketOptions {
  readonly clock: Clock;
}

/**
 * A listening socket whose file is created again if it is removed, with or without its folder, because systems clean
 * temporary folders. A different file in its place stays; this is logged once, and retried.
 */
export class PersistentSocket {
  readonly #options: PersistentSocketOptions;
  #current: ListeningSocket;
  /** Sockets whose file was lost. Their connections continue. */
  readonly #retired = new Set<Promise<void>>();
  #folderMode: number | undefined;
  #problem: string | null = null;
  #checking: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;
  #isClosed = false;

  constructor(options: PersistentSocketOptions) {
    this.#options = options;
    this.#current = new ListeningSocket(options);
  }

  /** @throws Error, in one line, if the path is taken, is not a socket, or cannot be written. */
  async open(): Promise<void> {
    const { path } = this.#options;
    assertFolderExists(path);
    this.#folderMode = Number(statSync(dirname(path), { bigint: true }).mode & 0o7777n);
    const stale = await findStaleFile(path);
    if (this.#isClosed) return;
    stale?.remove();
    await this.#current.open();
    this.#watch();
  }

  /** Removes the file at once; resolves when all connections have closed. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    const closing = this.#current.close();
    await this.#checking;
    await Promise.all([closing, this.#current.close(), ...this.#retired]);
  }

  #watch(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(watchEveryMs, () => {
      this.#checking = this.#check();
    });
  }

  async #check(): Promise<void> {
    try {
      if (this.#current.isInPlace()) this.#problem = null;
      else await this.#recreate();
    } catch (error) {
      this.#report(error instanceof Error ? error.message : "unknown reason");
    }
    this.#watch();
  }

  async #recreate(): Promise<void> {
    const { path, logger } = this.#options;
    // A relative path names another file once the process has changed its working directory.
    if (resolve(path) !== this.#current.absolutePath) return;
    mkdirSync(dirname(path), { recursive: true, mode: this.#folderMode });
    const stale = await findStaleFile(path);
    if (this.#isClosed) return;
    stale?.remove();
    this.#retire();
    await this.#current.open();
    logger("warn", "the socket file had been deleted, and was created again", { path });
    this.#problem = null;
  }

  #retire(): void {
    const closing = this.#current.close();
    this.#retired.add(closing);
    void closing.then(() => this.#retired.delete(closing));
    this.#current = new ListeningSocket(this.#options);
  }

  /** Logs each reason once, since it is tried again every few seconds. */
  #report(problem: string): void {
    if (problem !== this.#problem)
      this.#options.logger(
        "error",
        "the socket file was deleted and cannot be created again: no client can reach the worker there",
        { problem },
      );
    this.#problem = problem;
  }
}
