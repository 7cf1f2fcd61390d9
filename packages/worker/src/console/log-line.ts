import { styleText } from "node:util";
import { type LogLevel, toPrintable, toPrintableJson } from "@tasker-observability/core";

export interface LogEntry {
  readonly time: Date;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** `{"time":…,"level":…,"message":…}` and the fields, in one line. */
export function toJsonLine({ time, level, message, fields }: LogEntry): string {
  const head = { time: time.toISOString(), level, message };
  // The head again: a field of one of its names must not replace it.
  return `${toPrintableJson(JSON.stringify({ ...head, ...fields, ...head }))}\n`;
}

/** A short line for a person, in local time, and the stacks of its errors below. */
export function toReadableLines(entry: LogEntry, stream: NodeJS.WritableStream): string {
  const { time, level, message, fields } = entry;
  const paint = (style: Style, text: string): string => styleText(style, text, { stream });
  const errors = Object.values(fields).filter(isErrorData);
  const others = Object.entries(fields).filter(([, value]) => !isErrorData(value));
  const line = [
    paint("dim", time.toTimeString().slice(0, 8)),
    paint(styles[level], level.padEnd(5)),
    toPrintable(message),
    ...others.map(([name, value]) => paint("dim", toPrintable(`${name}=${toShortText(value)}`))),
  ].join(" ");
  const stacks = errors.flatMap(stackLines).map((text) => paint("dim", `  ${toPrintable(text)}`));
  return `${[line, ...stacks].join("\n")}\n`;
}

type Style = "dim" | "cyan" | "yellow" | "red";

const styles: Readonly<Record<LogLevel, Style>> = {
  debug: "dim",
  info: "cyan",
  warn: "yellow",
  error: "red",
};

/** An error as the redactor leaves it. */
interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}

function isErrorData(value: unknown): value is ErrorData {
  return (
    typeof value === "object" &&
    value !== null &&
    ["name", "message"].every((name) => typeof Reflect.get(value, name) === "string")
  );
}

function stackLines({ name, message, stack, code, cause }: ErrorData): string[] {
  const [first = "", ...frames] = (typeof stack === "string" ? stack : `${name}: ${message}`).split(
    "\n",
  );
  return [
    typeof code === "string" && !first.includes(code) ? `${first} (${code})` : first,
    ...frames,
    ...(isErrorData(cause) ? stackLines(cause).map(markCause) : []),
  ];
}

function markCause(line: string, index: number): string {
  return index === 0 ? `caused by ${line}` : line;
}

/** A value for a person: quoted only where it would not end. */
function toShortText(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
