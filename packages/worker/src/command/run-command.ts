import { ConfigError, loadConfig } from "@tasker-observability/config";
import {
  createSystemdNotifier,
  notifyProcessManager,
  type SystemdNotifier,
} from "@tasker-observability/ffi-bridge";
import { createWorker } from "../create-worker.js";
import { WorkerStartError } from "../start-error.js";
import { packageVersion } from "../version.js";
import type { Worker } from "../worker.js";
import { parseCommandLine, usage } from "./command-line.js";
import { createLineLogger } from "./console-logger.js";
import { watchForEarlyExit } from "./early-exit.js";
import { callStarted, type HandlersModule, loadHandlers } from "./load-handlers.js";
import { outliveReaders, OutputError, writeLine } from "./outputs.js";
import { onPauseSignals } from "./pause-signals.js";
import { onStopSignals } from "./signals.js";
import { urlsOf } from "./urls.js";
import { whenReady } from "./when-ready.js";

/** A worker waits for no reader. */
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const logger = createLineLogger((line) => void process.stderr.write(line));

/** The `tasker-worker` command. @returns the exit code. */
export async function runCommand(args: readonly string[]): Promise<number> {
  outliveReaders();
  try {
    if (args[0] === "dead-letters") {
      const { runDeadLetters } = await import("../dead-letters/run-dead-letters.js");
      await runDeadLetters(args.slice(1), {
        print: (line) => writeLine(process.stdout, line),
        note: (line) => writeLine(process.stderr, line),
      });
      return 0;
    }
    const commandLine = parseCommandLine(args);
    if (commandLine.print !== null) {
      print(commandLine.print === "help" ? usage : packageVersion);
      return 0;
    }
    return await runWorker(commandLine.handlers);
  } catch (error) {
    if (error instanceof OutputError && error.isReaderGone) return 0;
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  }
}

/** Problems that somebody can mend are told in one piece; anything else with its stack, through the redactor. */
function explain(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof WorkerStartError ||
    error instanceof OutputError
  )
    return error.message;
  logger("error", "the worker failed", { error });
  return "The worker failed; the line above has the reason.";
}

async function runWorker(handlersPath: string | undefined): Promise<number> {
  const module = handlersPath === undefined ? { handlers: {} } : await loadHandlers(handlersPath);
  const worker = await createWorker({ config: loadConfig(), handlers: module.handlers, logger });
  const systemd = createSystemdNotifier({ context: worker.context, env: process.env });
  let exitCode = 0;
  const exits = watchForEarlyExit();
  const signals = onStopSignals(
    (signal) => {
      print(`${signal}: draining`);
      void systemd?.stopping();
      void worker.stop();
    },
    () => {
      exits.close();
      process.exit(1);
    },
  );
  const pauseSignals = onPauseSignals(worker, print);
  const fail = (error: unknown): void => {
    // Once: were it for an error of the logging itself, it would never end.
    if (exitCode !== 0) return;
    exitCode = 1;
    logger("error", "an error reached nobody; the worker stops", { error });
    void worker.stop();
  };
  process.on("uncaughtException", fail).on("unhandledRejection", fail);
  try {
    await runUntilStopped(worker, module, systemd);
  } catch (error) {
    // Who is told to stop while starting stops: that is no failure.
    if (!signals.received()) throw error;
  } finally {
    await worker.stop();
    exits.close();
    signals.close();
    pauseSignals.close();
    systemd?.close();
  }
  print("stopped");
  return exitCode;
}

async function runUntilStopped(
  worker: Worker,
  module: HandlersModule,
  systemd: SystemdNotifier | null,
): Promise<void> {
  await worker.start();
  for (const url of urlsOf(worker)) print(url);
  if (!worker.isAskable)
    logger(
      "warn",
      "nobody can ask this worker how it is: set worker.web.enabled, worker.bridge.socket_path or worker.bridge.heartbeat_file",
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
