import { ObservabilityError } from "@tasker-observability/core";

/** The longest delay that a timer of Node takes; beyond it, it fires at once. */
export const longestTimerMs = 2_147_483_647;

/** What an option may be. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** Whether fractions are refused. @default true */
  readonly whole?: boolean;
}

/** Says what is wrong with a number that may be absent; nothing where it is right. */
export function numberProblems(name: string, value: unknown, { least, most, whole = true }: NumberRange): readonly string[] {
  if (value === undefined) return [];
  const fits = typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
  return fits ? [] : [`${name} must be a ${whole ? "whole " : ""}number from ${least} to ${most}.`];
}

/** @throws ObservabilityError INVALID_PARAMS that names all the problems at once. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new ObservabilityError("INVALID_PARAMS", problems.join(" "));
}
