import type { Logger, RunState } from "@tasker-observability/core";
import type { Redactor } from "@tasker-observability/redact";
import type { ReadResult } from "./check-result.js";

/** Logs a check when its status changes. */
export interface CheckLog {
  record(result: ReadResult, run: RunState<unknown>): void;
}

/** The error's message is logged, and appears nowhere else. @param logger - when it throws, only its line is lost. */
export function createCheckLog(
  check: string,
  logger: Logger,
  redactor: Pick<Redactor, "error">,
): CheckLog {
  let status: ReadResult["status"] = "healthy";
  return {
    record(result, outcome) {
      if (result.status === status) return;
      status = result.status;
      const error = outcome.state === "failed" ? redactor.error(outcome.error) : null;
      try {
        logger(status === "healthy" ? "info" : "warn", "health check status changed", {
          check,
          status,
          message: result.message,
          error,
        });
      } catch {
        // A logger that throws loses this line.
      }
    },
  };
}
