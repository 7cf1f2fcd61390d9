import { type Logger, silentLogger } from "./logger.js";
import { createRedactor, type Redactor } from "@tasker-observability/redact";

const redactor = createRedactor();
/** With the redactor that each was made with. */
const safeLoggers = new WeakMap<Logger, Pick<Redactor, "redact" | "text">>();

/**
 * A logger that may be given messages and errors of others: what it passes on has been through the redactor, an error
 * as plain data, a text of megabytes cut to 64 KiB, and where `logger` throws it costs the line and nothing more. One that is safe already is given back,
 * unless there are more secrets to know.
 *
 * @param knowing - a redactor that knows secrets of its own, as a configuration's does. @default one that knows none
 */
export function createSafeLogger(
  logger: Logger,
  knowing: Pick<Redactor, "redact" | "text"> = redactor,
): Logger {
  const used = safeLoggers.get(logger);
  if (logger === silentLogger || used === knowing || (used !== undefined && knowing === redactor))
    return logger;
  const safe: Logger = (level, message, fields) => {
    try {
      logger(
        level,
        knowing.text(message),
        fields === undefined
          ? undefined
          : (knowing.redact(fields, { cut: true }).value as typeof fields),
      );
    } catch {
      // There is nobody left to tell.
    }
  };
  safeLoggers.set(safe, knowing);
  return safe;
}
