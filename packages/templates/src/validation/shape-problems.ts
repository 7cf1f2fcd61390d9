import type { z } from "zod";
import type { JsonObject } from "../json.js";
import { type Problem, toProblem } from "../problem.js";
import { taskTemplateSchema } from "../schemas/task-template.js";

/** What has the wrong type, and what is missing that a template cannot be read without. */
export function shapeProblems(template: JsonObject): readonly Problem[] {
  const parsed = taskTemplateSchema.safeParse(template);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => flatten(issue, [])).map(toShapeProblem);
}

type Issue = z.core.$ZodIssue;

/** Of a union that nothing fits, the alternative that came furthest says what is wrong. */
function flatten(issue: Issue, above: readonly PropertyKey[]): readonly Issue[] {
  const path = [...above, ...issue.path];
  const inner = issue.code === "invalid_union" ? issue.errors.find((issues) => issues.some((each) => each.path.length > 0)) : undefined;
  return inner === undefined ? [{ ...issue, path }] : inner.flatMap((each) => flatten(each, path));
}

function toShapeProblem(issue: Issue): Problem {
  const path = issue.path.map((segment) => (typeof segment === "symbol" ? segment.toString() : segment));
  const isQuotable = issue.code === "invalid_type" && issue.expected === "string" && issue.message.includes("received number");
  return toProblem({ code: "invalid_shape", path, message: `${issue.message}.`, hint: isQuotable ? "Put it in quotes." : undefined });
}
