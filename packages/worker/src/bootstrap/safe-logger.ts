import type { Logger } from "@tasker-observability/core";

/** A logger of somebody else's that throws costs its line and nothing more. */
export function createSafeLogger(logger: Logger): Logger {
  return (level, message, fields) => {
    try {
      logger(level, message, fields);
    } catch {
      // There is nobody left to tell.
    }
  };
}
