import { type Logger, type LoggerLike, silentLogger, toLogger } from "./logger.js";
import { createRedactor, type Redactor } from "@tasker-observability/redact";

const redactor = createRedactor();
/** Safe loggers, each with its redactor. */
const redactorOf = new WeakMap<LoggerLike, Pick<Redactor, "redact" | "text">>();

/**
 * A logger that takes messages and errors from anywhere, for a function or a logging library. It redacts what it passes on, turns errors into plain data and
 * truncates texts to 64 KiB. When `logger` throws, only that line is lost. A logger that is already safe is returned
 * unchanged, except for a redactor with more secrets.
 *
 * @param redacting - a redactor with known secrets, such as a configuration's. @default one without known secrets
 */
export function createSafeLogger(
  logger: LoggerLike,
  redacting: Pick<Redactor, "redact" | "text"> = redactor,
): Logger {
  const existingRedactor = redactorOf.get(logger);
  const log = toLogger(logger);
  if (
    log === silentLogger ||
    existingRedactor === redacting ||
    (existingRedactor !== undefined && redacting === redactor)
  )
    return log;
  const safe: Logger = (level, message, fields) => {
    try {
      log(
        level,
        redacting.text(message),
        fields === undefined
          ? undefined
          : (redacting.redact(fields, { cut: true }).value as typeof fields),
      );
    } catch {
      // A logger that throws loses this line.
    }
  };
  redactorOf.set(safe, redacting);
  return safe;
}
