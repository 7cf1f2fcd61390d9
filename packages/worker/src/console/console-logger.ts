import { createSafeLogger, type Logger, toPrintable } from "@tasker-observability/core";

/** Logs lines of `time level message {fields}`; all values are redacted. */
export function createLineLogger(write: (line: string) => void): Logger {
  return createSafeLogger((level, message, fields) => {
    const details =
      fields === undefined || Object.keys(fields).length === 0 ? "" : ` ${JSON.stringify(fields)}`;
    write(`${toPrintable(`${new Date().toISOString()} ${level} ${message}${details}`)}\n`);
  });
}
