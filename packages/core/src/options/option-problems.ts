import { longestTimerMs } from "../clock.js";
import { cutText } from "@tasker-observability/redact";
import { ObservabilityError } from "../errors.js";
import { didYouMean } from "../nearest-name.js";

/** Options as a caller without types may give them. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Says what is wrong with options that are none, or have names that `known` lacks. */
export function nameProblems(
  taker: string,
  options: unknown,
  known: readonly string[],
): readonly string[] {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    return [`${taker} takes an object: ${known.join(", ")}.`];
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  return unknown.map((name) =>
    [
      `${taker} knows no option ${JSON.stringify(cutText(name, 64))}.`,
      didYouMean(name, known) ?? `It takes ${known.join(", ")}.`,
    ].join(" "),
  );
}

/** The fields of what may be no options at all. */
export function givenOptions(options: unknown): GivenOptions {
  return typeof options === "object" && options !== null ? { ...options } : {};
}

/** What a number may be. */
export interface NumberRange {
  /** The least that is right. */
  readonly least: number;
  /** The most that is right. */
  readonly most: number;
  /** Whether fractions are refused. @default true */
  readonly whole?: boolean;
}

/** Says what is wrong with a time-out, or any other delay in milliseconds, that may be absent. */
export function delayProblems(name: string, value: unknown): readonly string[] {
  return numberProblems(name, value, { least: 1, most: longestTimerMs });
}

/** Says what is wrong with a number that may be absent; nothing where it is right. */
export function numberProblems(
  name: string,
  value: unknown,
  { least, most, whole = true }: NumberRange,
): readonly string[] {
  if (value === undefined) return [];
  const fits =
    typeof value === "number" &&
    value >= least &&
    value <= most &&
    (!whole || Number.isInteger(value));
  return fits ? [] : [`${name} must be a ${whole ? "whole " : ""}number from ${least} to ${most}.`];
}

/** Says what is wrong with a clock that may be absent. */
export function clockProblems(clock: unknown): readonly string[] {
  return shapeProblems(
    clock,
    ["wallMs", "monotonicMs", "after"],
    "clock must have wallMs(), monotonicMs() and after().",
  );
}

/** Says what is wrong with a logger that may be absent. */
export function loggerProblems(logger: unknown): readonly string[] {
  return logger === undefined || typeof logger === "function"
    ? []
    : ["logger must be a function: (level, message, fields) => void."];
}

/** Says what a value that may be absent must be, unless it has all these functions: by what it has, not by its class, of which there may be two copies. */
export function shapeProblems(
  value: unknown,
  functions: readonly string[],
  must: string,
): readonly string[] {
  return value === undefined || hasAll(value, functions, "function") ? [] : [must];
}

/** Whether the value is an object whose fields of these names all have the type. */
export function hasAll(
  value: unknown,
  fields: readonly string[],
  type: "function" | "object",
): boolean {
  if (typeof value !== "object" || value === null) return false;
  return fields.every((field) => typeof (value as GivenOptions)[field] === type);
}

/** @throws ObservabilityError INVALID_PARAMS that names all the problems at once. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new ObservabilityError("INVALID_PARAMS", problems.join(" "));
}
