import { ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import type { Subject } from "../subject.js";

const longestSeconds = 86_400;

/** A step must have a time-out greater than 0 and finite. */
export function timeoutRule({ steps }: Subject): readonly Problem[] {
  return steps.flatMap(({ path, step }) => {
    const seconds = ownValue(step, "timeout_seconds");
    if (
      typeof seconds !== "number" ||
      (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestSeconds)
    )
      return [];
    const hint = `Use a whole number of seconds from 1 to ${longestSeconds}.`;
    return [
      toProblem({
        code: "timeout_out_of_bounds",
        path: [...path, "timeout_seconds"],
        message: `timeout_seconds is ${seconds}.`,
        hint,
      }),
    ];
  });
}
