/** Receives log lines: one function, so that one line adapts any logging library. */
export type Logger = (
  level: LogLevel,
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** The severity of a log line, lowest first. */
export type LogLevel = (typeof logLevels)[number];

/** All levels, lowest first. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

type LogMethod = (...args: never[]) => unknown;

/** A logger with a method for each level: `pino()`, winston's, bunyan's, Fastify's `app.log`, Nest's, `console`. */
export interface LoggerObject {
  readonly debug?: LogMethod | undefined;
  /** Where it is missing, `log` takes its lines. */
  readonly info?: LogMethod | undefined;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly log?: LogMethod | undefined;
  readonly child?: LogMethod | undefined;
}

/** What an option `logger` takes. */
export type LoggerLike = Logger | LoggerObject;

/** Logs nothing: the default, since a library does not write to its application's console. */
export const silentLogger: Logger = () => undefined;

/** What {@link isLoggerLike} expects, for messages. */
export const expectedLogger =
  "a function (level, message, fields) => void, or a logger with the methods warn and error, such as pino() or console";

/** Whether the value can take log lines. */
export function isLoggerLike(value: unknown): value is LoggerLike {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  return ["warn", "error"].every((name) => typeof Reflect.get(value, name) === "function");
}

/** A function that calls the method of the level. A level that the logger has no method for is lost, unless it has `log`. */
export function toLogger(logger: LoggerLike): Logger {
  if (typeof logger === "function") return logger;
  // pino, bunyan and Fastify take the fields first, and have no `log`; the others take them behind the message.
  const takesFieldsFirst = logger.child !== undefined && logger.log === undefined;
  return (level, message, fields) => {
    const method: LogMethod | undefined = logger[level] ?? logger.log;
    const parts = fields === undefined ? [message] : [message, fields];
    if (method !== undefined)
      Reflect.apply(method, logger, takesFieldsFirst ? parts.reverse() : parts);
  };
}
