import { existsSync } from "node:fs";
import { ConfigError, loadConfig } from "@tasker-observability/config";
import {
  createSystemdNotifier,
  notifyProcessManager,
  type SystemdNotifier,
} from "@tasker-observability/ffi-bridge";
import type { Logger } from "@tasker-observability/core";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";
import { CommandError } from "../console/command-error.js";
import { WorkerStartError } from "../worker-start-error.js";
import { packageVersion } from "../version.js";
import type { Worker } from "../worker.js";
import { misuseExitCode } from "@tasker-observability/core/command-line";
import { UsageError } from "../console/parse-command.js";
import { createBoundedLines } from "../console/bounded-lines.js";
import { type CommandLine, parseCommandLine } from "./command-line.js";
import { createConsoleLog } from "../console/console-log.js";
import { watchForUnexpectedExit } from "./unexpected-exit.js";
import { callStarted, type HandlersModule, loadHandlers } from "./load-handlers.js";
import { ignoreOutputErrors, OutputError, writeLine } from "../console/outputs.js";
import { onPauseSignals } from "./pause-signals.js";
import { createStopRequest, type StopRequest, orNullWhenStopped } from "./stop-request.js";
import { isSubcommand, type Subcommand } from "./subcommands.js";
import { urlsOf } from "./urls.js";
import { whenReady } from "./when-ready.js";

/** A worker does not wait for a slow reader, and buffers a bounded number of lines for it. */
const writeOut = createBoundedLines(process.stdout, logDroppedLines);
const print = (line: string): void => writeOut(`${line}\n`);
const log = createConsoleLog(process.stderr);
const logger: Logger = log.to(createBoundedLines(process.stderr, logDroppedLines));

function logDroppedLines(lines: number): void {
  logger("warn", "log lines were dropped because the reader of the output is too slow", { lines });
}

/**
 * The `tasker-worker` command.
 *
 * @param stop - the request to stop; null for a command that signals end as usual.
 * @returns the exit code.
 */
export async function runCommand(
  args: readonly string[],
  stop: StopRequest | null,
): Promise<number> {
  ignoreOutputErrors();
  try {
    const [word, ...rest] = args;
    const asksForHelp = args.some((arg) => arg === "--help" || arg === "-h");
    if (asksForHelp) {
      await runSubcommand.help(args.filter((arg) => !arg.startsWith("-")));
      return 0;
    }
    if (isSubcommand(word)) {
      await runSubcommand[word](rest);
      return 0;
    }
    const commandLine = parseCommandLine(args);
    if (commandLine.infoToPrint === "version") {
      print(packageVersion);
      return 0;
    }
    return await runWorker(commandLine, stop ?? createStopRequest());
  } catch (error) {
    if (error instanceof OutputError && error.isReaderGone) return 0;
    process.stderr.write(`${explain(error)}\n`);
    return error instanceof UsageError ? misuseExitCode : 1;
  }
}

const printLine = (line: string): Promise<void> => writeLine(process.stdout, line);

const runSubcommand: Readonly<Record<Subcommand, (args: readonly string[]) => Promise<void>>> = {
  async completion(args) {
    await printLine((await import("./run-help.js")).completionText(args));
  },
  async help(words) {
    await printLine((await import("./run-help.js")).helpText(words));
  },
  async steps(args) {
    await (await import("../sending/run-steps.js")).runSteps(args, { print: printLine });
  },
  async "dead-letters"(args) {
    const { runDeadLetters } = await import("../dead-letters/run-dead-letters.js");
    await runDeadLetters(args, {
      print: printLine,
      note: (line) => writeLine(process.stderr, line),
    });
  },
  async init(args) {
    const { runInit } = await import("../init/run-init.js");
    await runInit(args, { folder: process.cwd(), print: printLine });
  },
  async notifications(args) {
    const { runNotifications } = await import("../notifications/run-notifications.js");
    await runNotifications(args, { print: printLine });
  },
};

/** The message of an error that the user can fix. Other errors are logged with their stack, redacted. */
function explain(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof WorkerStartError ||
    error instanceof CommandError ||
    error instanceof OutputError
  )
    return error.message;
  logger("error", "the worker failed", { error });
  return "The worker failed: see the log line above.";
}

async function runWorker(commandLine: CommandLine, stop: StopRequest): Promise<number> {
  const exitWatch = watchForUnexpectedExit(stop, log);
  try {
    const prepared = await orNullWhenStopped(stop, prepareWorker(commandLine));
    const exitCode = prepared === null ? 0 : await serve(prepared, stop);
    if (prepared === null) print(`${await stop.signal}: stopped before the worker started`);
    print("stopped");
    return exitCode;
  } finally {
    exitWatch.close();
    stop.close();
  }
}

/** The default module of handlers. */
const defaultHandlers = "handlers.mjs";

interface PreparedWorker {
  readonly worker: Worker;
  readonly module: HandlersModule;
}

/** Reads the handlers and the configuration, and opens nothing. */
async function prepareWorker({ handlers, logLevel }: CommandLine): Promise<PreparedWorker> {
  const path = handlers ?? (existsSync(defaultHandlers) ? defaultHandlers : undefined);
  const module = path === undefined ? { handlers: {} } : await loadHandlers(path);
  const config = loadConfig();
  const { level, format } = config.settings.worker.log;
  log.configure({ level: logLevel ?? level, format });
  return {
    module,
    worker: await createWorker({
      ...toWorkerOptions(config),
      handlers: module.handlers,
      logger,
    }),
  };
}

/** @returns the exit code. */
async function serve({ worker, module }: PreparedWorker, stop: StopRequest): Promise<number> {
  const systemd = createSystemdNotifier({ context: worker.context, env: process.env });
  let exitCode = 0;
  void stop.signal.then((signal) => {
    print(`${signal}: draining`);
    void systemd?.stopping();
    void worker.stop();
  });
  const pauseSignals = onPauseSignals(worker, print);
  const fail = (error: unknown): void => {
    // Once: an error in the logging itself would otherwise loop.
    if (exitCode !== 0) return;
    exitCode = 1;
    logger("error", "unhandled error: the worker stops", { error });
    void worker.stop();
  };
  process.on("uncaughtException", fail).on("unhandledRejection", fail);
  try {
    await runUntilStopped(worker, module, systemd);
  } catch (error) {
    // A start that a signal interrupts is not a failure.
    if (stop.received() === null) throw error;
  } finally {
    await worker.stop();
    pauseSignals.close();
    systemd?.close();
  }
  return exitCode;
}

async function runUntilStopped(
  worker: Worker,
  module: HandlersModule,
  systemd: SystemdNotifier | null,
): Promise<void> {
  void worker.listening.then(() => {
    for (const url of urlsOf(worker)) print(url);
  });
  await worker.start();
  if (!worker.hasTransport)
    logger(
      "warn",
      "other processes cannot see the health of this worker: set worker.web.enabled, worker.bridge.socket_path or worker.bridge.heartbeat_file",
    );
  const stopStarted = callStarted(module, worker);
  try {
    if (await whenReady(worker)) {
      print("ready");
      notifyProcessManager();
      await systemd?.ready();
    }
    await worker.stopped;
  } finally {
    stopStarted?.();
  }
}
