import {
  createSafeLogger,
  type Logger,
  type LogLevel,
  logLevels,
} from "@tasker-observability/core";
import { toJsonLine, toReadableLines } from "./log-line.js";

/** `auto`: readable lines on a terminal, JSON elsewhere. */
export type LogFormat = "auto" | "json" | "text";

export interface LogSettings {
  /** The lowest level that is written. */
  readonly level: LogLevel;
  readonly format: LogFormat;
}

/** The log of the command: its level and format are known only once the configuration is read. */
export interface ConsoleLog {
  configure(settings: LogSettings): void;
  /** Logs to `write`, a whole entry at a time; all values are redacted. */
  to(write: (text: string) => void): Logger;
}

/** @param stream - where the lines go in the end; it decides on the format and, with NO_COLOR and FORCE_COLOR, on colors. */
export function createConsoleLog(stream: NodeJS.WriteStream): ConsoleLog {
  let settings: LogSettings = { level: "info", format: "auto" };
  const isReadable = (): boolean =>
    settings.format === "auto" ? stream.isTTY : settings.format === "text";
  return Object.freeze({
    configure(given: LogSettings) {
      settings = given;
    },
    to: (write: (text: string) => void) =>
      createSafeLogger((level, message, fields = {}) => {
        if (logLevels.indexOf(level) < logLevels.indexOf(settings.level)) return;
        const entry = { time: new Date(), level, message, fields };
        write(isReadable() ? toReadableLines(entry, stream) : toJsonLine(entry));
      }),
  });
}
