/** Where log lines go: one function, so that any logging library fits in one line. */
export type Logger = (
  level: LogLevel,
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** The severity of a log line, lowest first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Logs nothing: the default, since a library does not write to its application's console. */
export const silentLogger: Logger = () => undefined;
