import type { PathSegment } from "@tasker-observability/redact";
import { type Position, type Problem, toProblem } from "./problem.js";

/** A number that is not kept exactly, in a file or a row. The template is still used. */
export function inexactNumber(
  path: readonly PathSegment[],
  position: Position | null = null,
): Problem {
  return toProblem({
    severity: "warning",
    code: "inexact_number",
    message: "The number has more digits than JavaScript keeps, or is out of its range.",
    hint: "Put it in quotes.",
    path,
    position,
  });
}
