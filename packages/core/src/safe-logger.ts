import { type Logger, silentLogger } from "./logger.js";
import { createRedactor, type Redactor } from "@tasker-observability/redact";

const redactor = createRedactor();
/** With the redactor that each was made with. */
const safeLoggers = new WeakMap<Logger, Pick<Redactor, "redact" | "text">>();

/**
 * A logger that takes messages and errors from anywhere. It redacts what it passes on, turns errors into plain data and
 * truncates texts to 64 KiB. When `logger` throws, only that line is lost. A logger that is already safe is returned
 * unchanged, except for a redactor with more secrets.
 *
 * @param redacting - a redactor with known secrets, such as a configuration's. @default one without known secrets
 */
export function createSafeLogger(
  logger: Logger,
  redacting: Pick<Redactor, "redact" | "text"> = redactor,
): Logger {
  const used = safeLoggers.get(logger);
  if (
    logger === silentLogger ||
    used === redacting ||
    (used !== undefined && redacting === redactor)
  )
    return logger;
  const safe: Logger = (level, message, fields) => {
    try {
      logger(
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
  safeLoggers.set(safe, redacting);
  return safe;
}
