import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { withDeadline } from "@tasker-observability/core";
import { cutTextToEnd } from "@tasker-observability/redact";
import { supervisorScript } from "./supervisor-script.js";
import type { ServerUser } from "./server-user.js";

/** How long processes may take to end after each signal, if their shell was killed. */
const killWait = { timeoutMs: 5_000, keepsProcessAlive: true, onGiveUp: () => undefined };
/** How much of the end of standard error to keep, in UTF-16 units. */
const mostOfStderr = 4_096;

/** What the supervisor starts, and where. */
export interface SupervisorOptions {
  /**
   * The database's place, existing or new; the shell may choose another one for a temporary database, and reports it.
   */
  readonly folder: string;
  /** Whether the database stays when the server has stopped. */
  readonly kept: boolean;
  /** Whether the folder is a temporary one of an earlier server. */
  readonly adopted: boolean;
  /** Whether initdb writes to the disk before it returns. */
  readonly durable: boolean;
  /** The place of an empty database to copy, existing or new (see `template-cluster-cache.ts`); null: create one. */
  readonly templateCluster: string | null;
  /** The server's command line. */
  readonly serverArguments: readonly string[];
  /** The user to run as; null: the current one. */
  readonly user: ServerUser | null;
}

/** Our side of the shell that owns the server (see `supervisor-script.ts`). */
export class Supervisor {
  /** Settles when the server and all its processes have ended, or were never started. */
  readonly serverGone: Promise<void>;
  readonly #options: SupervisorOptions;
  readonly #child: ChildProcess;
  readonly #sockets: readonly Socket[];
  readonly #lines: AsyncIterator<string>;
  readonly exited: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
  }>;
  readonly #stderrEnded: Promise<void>;
  #folder: string;
  #stderr = "";

  private constructor(child: ChildProcess, options: SupervisorOptions) {
    const [stdin, stdout, stderr, serverPipe] = child.stdio.map(toSocket) as [
      Socket,
      Socket,
      Socket,
      Socket,
    ];
    this.#options = options;
    this.#folder = options.folder;
    this.#child = child;
    this.#sockets = [stdin, stdout, stderr, serverPipe];
    this.exited = new Promise((resolve) =>
      child.once("exit", (code, signal) => resolve({ code, signal })),
    );
    this.#stderrEnded = new Promise((resolve) => stderr.once("close", () => resolve()));
    this.serverGone = new Promise((resolve) => serverPipe.once("close", () => resolve()).resume());
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    // A character may come in two chunks.
    stderr.setEncoding("utf8");
    stderr.on("data", (text: string) => {
      this.#stderr = cutTextToEnd(this.#stderr + text, mostOfStderr);
    });
    stdin.on("error", () => undefined); // EPIPE: the shell has gone, and its exit says so
  }

  /** Starts the shell. Rejects if it cannot be run as that user. */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const { kept, adopted, folder, durable, templateCluster, serverArguments, user } = options;
    const args = [
      kept ? "kept" : adopted ? "adopted" : "temporary",
      folder,
      durable ? "--sync-method=fsync" : "--no-sync",
      templateCluster ?? "",
      ...serverArguments,
    ];
    const child = spawn("/bin/sh", ["-c", 'eval "$SUPERVISOR"', "supervisor", ...args], {
      ...(user ?? {}),
      cwd: "/",
      detached: true, // a session of its own: Ctrl-C in our terminal does not reach it
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      // It inherits no PG* variable and no library path. A set TZ also spares initdb the search for the time zone.
      // The script goes this way instead of on the command line, to keep process lists readable.
      env: {
        SUPERVISOR: supervisorScript,
        PATH: "/usr/local/bin:/usr/bin:/bin",
        LC_ALL: "C",
        TZ: "UTC",
      },
    });
    await once(child, "spawn");
    return new Supervisor(child, options);
  }

  /** The database's actual place. */
  get folder(): string {
    return this.#folder;
  }

  /** The end of the standard error of the shell and initdb. */
  get stderr(): string {
    return this.#stderr.trim();
  }

  /** The shell's answers, a line each; see `supervisor-script.ts` for their order. Rejects if it has exited instead. */
  async nextLine(): Promise<string> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("its folder or database could not be created");
    return line.value;
  }

  /** The first answer: the database's place. */
  async readFolder(): Promise<void> {
    this.#folder = await this.nextLine();
  }

  /** Answers the shell. */
  say(line: string): void {
    this.#sockets[0]?.write(`${line}\n`);
  }

  /** From here on the server keeps no event loop alive. */
  unref(): void {
    for (const handle of [this.#child, ...this.#sockets]) handle.unref();
  }

  /**
   * Closes the pipe, and waits until the shell has stopped the server and cleaned up. The exit code is the server's.
   * @param leavesFolder - whether a temporary folder stays, for another server.
   */
  async release(leavesFolder = false): Promise<number | null> {
    for (const handle of [this.#child, ...this.#sockets]) handle.ref();
    this.#sockets[0]?.end(leavesFolder ? "keep\n" : "");
    const { code, signal } = await this.exited;
    if (signal !== null) await this.#clearUp(leavesFolder);
    await this.#stderrEnded;
    for (const socket of this.#sockets) socket.destroy();
    return code;
  }

  /** Somebody killed the shell; the processes that it started are still in its process group. */
  async #clearUp(leavesFolder: boolean): Promise<void> {
    for (const signal of ["SIGQUIT", "SIGKILL"] as const) {
      this.#signalGroup(signal);
      await withDeadline(this.serverGone, killWait);
    }
    // If it cannot be removed now, it belongs to others.
    if (!this.#options.kept && !leavesFolder)
      await rm(this.#folder, { recursive: true, force: true }).catch(() => undefined);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody is left.
    }
  }
}

function toSocket(stream: unknown): Socket {
  if (stream instanceof Socket) return stream;
  throw new Error("The shell's descriptors must be pipes.");
}
