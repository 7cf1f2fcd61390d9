import { ObservabilityError } from "./errors.js";

/** The text of WORKER_NOT_RUNNING, the same in every client. */
export const notRunningMessage = "Worker system not running";

/** Before start and after stop. */
export function notRunning(): ObservabilityError {
  return new ObservabilityError("WORKER_NOT_RUNNING", notRunningMessage);
}

/** The error of an operation whose service the worker lacks: SERVICE_NOT_INSTALLED. @param detail - what is missing, to end the sentence. */
export function notInstalled(detail: string): ObservabilityError {
  // "Web state" is Tasker's text, which its clients are promised.
  return new ObservabilityError("SERVICE_NOT_INSTALLED", `Web state not available: ${detail}`);
}
