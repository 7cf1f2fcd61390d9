import { execFile } from "node:child_process";
import type { WorkerContext } from "@tasker-observability/core";
import {
  contextOption,
  objectLike,
  parseOptions,
  textOption,
} from "@tasker-observability/core/options";
import * as z from "zod/mini";

export const systemdNotifierOptionsSchema = z.strictObject({
  /** The worker. The notifier pings the watchdog while the worker is alive, and logs if it cannot notify systemd. */
  context: contextOption,
  /** The process's environment from systemd: NOTIFY_SOCKET, and WATCHDOG_USEC if the unit has a watchdog. */
  env: objectLike<Environment>({ name: "an environment", hint: "Pass process.env." }).check(
    z.meta({ type: "object, such as `process.env`" }),
  ),
  /** The command that sends messages to systemd, found in PATH. @default "systemd-notify" */
  command: z._default(textOption(), "systemd-notify"),
});
/** Options of {@link createSystemdNotifier}. */
export type SystemdNotifierOptions = z.input<typeof systemdNotifierOptionsSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Notifies systemd. Its methods never reject: the log says once that systemd cannot be notified, and once when it can
 * again.
 */
export interface SystemdNotifier {
  /** READY=1. From now on the watchdog is pinged while the worker is alive. */
  ready(): Promise<void>;
  /** The line that `systemctl status` shows. */
  status(text: string): Promise<void>;
  /** STOPPING=1. The watchdog is still pinged while the worker drains. */
  stopping(): Promise<void>;
  /** Stops the pings. Idempotent. */
  close(): void;
}

/**
 * Reports the state of a service of `Type=notify` to systemd. Node has no datagram Unix sockets, so the
 * command `systemd-notify` sends the messages: the unit needs `NotifyAccess=all`.
 *
 * @returns null if systemd did not start the process with a notification socket.
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 * @example
 * const systemd = createSystemdNotifier({ context: worker.context, env: process.env });
 * await systemd?.ready();
 */
export function createSystemdNotifier(options: SystemdNotifierOptions): SystemdNotifier | null {
  const parsed = parseOptions("createSystemdNotifier", systemdNotifierOptionsSchema, options);
  const socket = parsed.env.NOTIFY_SOCKET;
  return socket === undefined || socket === "" ? null : new CommandNotifier(parsed);
}

class CommandNotifier implements SystemdNotifier {
  readonly #context: WorkerContext;
  readonly #env: Environment;
  readonly #command: string;
  #cancel: (() => void) | undefined;
  #closed = false;
  #failed = false;

  constructor({ context, env, command }: z.output<typeof systemdNotifierOptionsSchema>) {
    this.#context = context;
    this.#env = env;
    this.#command = command;
  }

  async ready(): Promise<void> {
    await this.#send("READY=1", "STATUS=running");
    const everyMs = watchdogIntervalMs(this.#env);
    if (everyMs !== null && this.#cancel === undefined) this.#watch(everyMs);
  }

  status(text: string): Promise<void> {
    // A line break would start another assignment.
    return this.#send(`STATUS=${text.replace(/\p{Cc}+/gu, " ")}`);
  }

  stopping(): Promise<void> {
    return this.#send("STOPPING=1", "STATUS=draining");
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #watch(everyMs: number): void {
    if (this.#closed) return;
    if (this.#context.liveness.deadReason() === null) void this.#send("WATCHDOG=1");
    this.#cancel = this.#context.clock.after(everyMs, () => this.#watch(everyMs));
  }

  #send(...assignments: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      execFile(
        this.#command,
        [...assignments],
        { env: { ...this.#env }, timeout: 5_000 },
        (error) => {
          this.#log(error);
          resolve();
        },
      );
    });
  }

  /** The watchdog is pinged constantly, so only a change is logged. */
  #log(error: Error | null): void {
    const failed = error !== null;
    if (failed === this.#failed) return;
    this.#failed = failed;
    if (failed) this.#context.logger("warn", "systemd could not be notified", { error });
    else this.#context.logger("info", "systemd is notified again", {});
  }
}

/** A third of the watchdog's time, so that one ping may be lost; null without a watchdog for this process. */
function watchdogIntervalMs({ WATCHDOG_USEC, WATCHDOG_PID }: Environment): number | null {
  const microseconds = Number(WATCHDOG_USEC);
  if (!Number.isFinite(microseconds) || microseconds <= 0) return null;
  if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== "" && Number(WATCHDOG_PID) !== process.pid)
    return null;
  return Math.max(1, Math.floor(microseconds / 3_000));
}
