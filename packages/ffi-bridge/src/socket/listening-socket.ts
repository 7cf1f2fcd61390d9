import { type BigIntStats, chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { resolve } from "node:path";
import { isMainThread } from "node:worker_threads";
import type { Logger } from "@tasker-observability/core";
import { closeWithoutUnlink, isSameFile, statOf } from "./socket-file.js";

export interface ListeningSocketOptions {
  readonly path: string;
  readonly accept: (socket: Socket) => void;
  readonly logger: Logger;
}

/** A listening server and the file that it made. */
export class ListeningSocket {
  readonly #options: ListeningSocketOptions;
  readonly #server: Server;
  /** Stays the same if the process changes its working directory. */
  readonly absolutePath: string;
  #file: BigIntStats | null = null;
  #closed: Promise<void> | undefined;

  constructor(options: ListeningSocketOptions) {
    this.#options = options;
    this.absolutePath = resolve(options.path);
    this.#server = createServer({ allowHalfOpen: true }, options.accept);
  }

  /** Makes the file, unless it is closed meanwhile. @throws Error in one line. */
  async open(): Promise<void> {
    await this.#listen();
    if (this.#closed !== undefined) return;
    chmodSync(this.#options.path, 0o600);
    this.#server.on("error", (error) =>
      this.#options.logger("warn", "the socket could not take a connection", { error }),
    );
  }

  /** Whether the file that it made is still at its path. */
  isInPlace(): boolean {
    const now = statOf(this.absolutePath);
    return now !== null && this.#file !== null && isSameFile(now, this.#file);
  }

  /** Removes the file at once; resolves when all its connections have closed. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= new Promise<void>((resolve) =>
      closeWithoutUnlink(
        this.#options.path,
        this.#file,
        () => void this.#server.close(() => resolve()),
      ),
    );
    return this.#closed;
  }

  #listen(): Promise<void> {
    const { path } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) =>
        reject(listenError(path, error)),
      );
      // It was closed before it listened.
      this.#server.once("close", resolve);
      this.#server.once("listening", () => {
        this.#server.removeAllListeners("error");
        resolve();
      });
      // Node makes the file within `listen`, so it is never open to others, not even for an instant. Threads cannot set the umask.
      const mask = isMainThread ? process.umask(0o177) : null;
      try {
        this.#server.listen({ path, exclusive: true });
        if (this.#server.listening) this.#file = statOf(path);
      } finally {
        if (mask !== null) process.umask(mask);
      }
    });
  }
}

const listenFailures: Readonly<Record<string, string>> = {
  EACCES: "its folder is not writable",
  EROFS: "its folder is not writable",
  EADDRINUSE: "another process has just taken it",
};

function listenError(path: string, error: NodeJS.ErrnoException): Error {
  const code = error.code ?? "unknown";
  return new Error(`The socket ${path} could not be opened: ${listenFailures[code] ?? code}.`, {
    cause: error,
  });
}
