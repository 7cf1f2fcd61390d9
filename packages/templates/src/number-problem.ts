import type { PathSegment } from "@tasker-observability/redact";
import { type Position, type Problem, toProblem } from "./problem.js";
import { isNumberPlace } from "./yaml/known-places.js";

/** An inexact number in a file or a row. The template is still used. */
export function inexactNumber(
  path: readonly PathSegment[],
  position: Position | null = null,
): Problem {
  return toProblem({
    severity: "warning",
    code: "inexact_number",
    message: "The number has more digits than JavaScript keeps, or is out of its range.",
    hint: isNumberPlace(path)
      ? "Write one of at most 15 digits: in quotes it would not be a number here."
      : "Put it in quotes.",
    path,
    position,
  });
}

/** The replacement for a number out of range where only a number is allowed; null if its text can be served instead. */
export function nearestNumber(path: readonly PathSegment[], value: number): number | null {
  return isNumberPlace(path) && !Number.isNaN(value) ? Math.sign(value) * Number.MAX_VALUE : null;
}
