import { writeSync } from "node:fs";
import type { ConsoleLog } from "../console/console-log.js";
import type { StopRequest } from "./stop-request.js";

export interface UnexpectedExitWatch {
  /** Ends the watch: the worker has stopped. */
  close(): void;
}

/**
 * Logs an error and sets a failing exit code if the process is exiting before its worker has stopped. Otherwise a process
 * manager would take a handler's `process.exit(0)` for a clean stop, and not restart the worker.
 *
 * @param stop - a second signal ends the process too, which is expected.
 */
export function watchForUnexpectedExit(
  stop: Pick<StopRequest, "isForced">,
  log: ConsoleLog,
): UnexpectedExitWatch {
  const listener = (code: number): void => {
    if (!stop.isForced()) logUnexpectedExit(code, log);
  };
  process.on("exit", listener);
  return { close: () => void process.removeListener("exit", listener) };
}

function logUnexpectedExit(code: number, log: ConsoleLog): void {
  process.exitCode = code === 0 ? 1 : code;
  log.to(writeNow)(
    "error",
    "the process is exiting before its worker has stopped: look for process.exit in a handler or one of its modules",
    { exit_code: process.exitCode },
  );
}

/** Writes synchronously: at exit, a stream may never write. */
function writeNow(line: string): void {
  try {
    writeSync(process.stderr.fd, line);
  } catch {
    // The reader has left.
  }
}
