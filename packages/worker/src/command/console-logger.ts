import type { Logger } from "@tasker-observability/core";
import { createRedactor } from "@tasker-observability/core/redact";

/** Logs lines of `time level message {fields}`; every value has been through the redactor. */
export function createLineLogger(write: (line: string) => void): Logger {
  const redactor = createRedactor();
  return (level, message, fields) => {
    const details = fields === undefined || Object.keys(fields).length === 0 ? "" : ` ${JSON.stringify(redactor.redact(fields).value)}`;
    write(`${new Date().toISOString()} ${level} ${message}${details}\n`);
  };
}
