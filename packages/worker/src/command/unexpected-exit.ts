import { writeSync } from "node:fs";
import { createLineLogger } from "../console/console-logger.js";
import type { StopRequest } from "./stop-request.js";

export interface UnexpectedExitWatch {
  /** From now on an exit is no surprise. */
  close(): void;
}

/**
 * Has a process that ends before its worker has stopped say so, and fail: a handler that calls `process.exit(0)` must not pass
 * for a stop, after which a supervisor starts nothing anew.
 *
 * @param stop - a second signal ends the process too, and that is no surprise.
 */
export function watchForUnexpectedExit(stop: Pick<StopRequest, "isCutShort">): UnexpectedExitWatch {
  const listener = (code: number): void => {
    if (!stop.isCutShort()) logUnexpectedExit(code);
  };
  process.on("exit", listener);
  return { close: () => void process.removeListener("exit", listener) };
}

function logUnexpectedExit(code: number): void {
  process.exitCode = code === 0 ? 1 : code;
  createLineLogger(writeNow)(
    "error",
    "the process ends before its worker has stopped: a handler or a module of its own called process.exit, or nothing kept it",
    { exit_code: process.exitCode },
  );
}

/** What a stream is given now may never be written. */
function writeNow(line: string): void {
  try {
    writeSync(process.stderr.fd, line);
  } catch {
    // Nobody reads it any more.
  }
}
