import { ObservabilityError } from "@tasker-observability/core";

/** The longest delay that a timer of Node takes, in milliseconds; beyond it, it fires at once. */
export const maxTimerMs = 2_147_483_647;

/** Says what is wrong with a number that may be absent; nothing where it is right. */
export function numberProblems(name: string, value: unknown, from: number, to: number): readonly string[] {
  const isRight = value === undefined || (typeof value === "number" && value >= from && value <= to);
  return isRight ? [] : [`${name} must be a number from ${from} to ${to}.`];
}

/** @throws ObservabilityError INVALID_PARAMS with all the problems at once. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new ObservabilityError("INVALID_PARAMS", problems.join(" "));
}
