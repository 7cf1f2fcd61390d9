import { ObservabilityError } from "@tasker-observability/core";

/** The longest delay that a timer of Node takes; beyond it, it fires at once. */
const maxTimerMs = 2_147_483_647;

/** Says which of these are given and are no number of milliseconds that a timer can take. */
export function timerProblems(options: Readonly<Record<string, number | undefined>>): string[] {
  return rangeProblems(options, maxTimerMs);
}

/** Says which of these are given and are no whole number from 1. */
export function countProblems(options: Readonly<Record<string, number | undefined>>): string[] {
  return rangeProblems(options, Number.MAX_SAFE_INTEGER);
}

function rangeProblems(options: Readonly<Record<string, number | undefined>>, to: number): string[] {
  const isRight = (value: number | undefined): boolean => value === undefined || (Number.isInteger(value) && value >= 1 && value <= to);
  return Object.entries(options).flatMap(([name, value]) => (isRight(value) ? [] : [`${name} must be a whole number from 1 to ${to}.`]));
}

/** @throws ObservabilityError INVALID_PARAMS with all the problems at once. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new ObservabilityError("INVALID_PARAMS", problems.join(" "));
}
