import { type JsonValue, valueAt } from "../json.js";
import { type Problem, toProblem } from "../problem.js";
import { taskerTemplateSchema } from "../schemas/tasker-types.js";
import { findShapeIssues, type ShapeIssue } from "./validate-shape.js";
import type { Subject } from "./subject.js";

/** Warnings for whatever keeps Tasker's own worker from loading the template: its types refuse more than ours. */
export function findRefusals({ definition }: Pick<Subject, "definition">): readonly Problem[] {
  return findShapeIssues(taskerTemplateSchema, definition).map((issue) =>
    toProblem({
      severity: "warning",
      code: "refused_by_tasker",
      path: issue.path,
      message: `Tasker refuses this: ${issue.message}`,
      hint: hintFor(issue, valueAt(definition, issue.path)),
    }),
  );
}

function hintFor({ path, hint }: ShapeIssue, found: JsonValue | undefined): string | undefined {
  if (hint !== undefined) return hint;
  if (found === null) return "Leave the key out.";
  if (path.at(-2) === "publishes_events" && typeof found === "string")
    return "Write it as a mapping with a name, a description and a schema.";
  if (found === undefined && path.includes("publishes_events"))
    return "Give the event a description and a schema; {} allows every payload.";
  return undefined;
}
