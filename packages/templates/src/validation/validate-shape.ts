import { formatPath, type PathSegment } from "@tasker-observability/redact";
import type * as z from "zod";
import { type JsonObject, type JsonValue, valueAt } from "../json.js";
import { rubySymbolHint } from "../ruby-symbols.js";
import { type Problem, toProblem } from "../problem.js";
import { taskTemplateSchema } from "../schemas/task-template.js";

/** Values of the wrong type, and missing keys without which a template cannot be read. */
export function validateShape(template: JsonObject): readonly Problem[] {
  return findShapeIssues(taskTemplateSchema, template).map((issue) =>
    toProblem({ code: "invalid_shape", ...issue }),
  );
}

/** A place where a value is not what a schema says. */
export interface ShapeIssue {
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly hint: string | undefined;
}

/** All mismatches with a schema, each place once, as sentences for the author. */
export function findShapeIssues(schema: z.ZodType, template: JsonObject): readonly ShapeIssue[] {
  const parsed = schema.safeParse(template);
  return parsed.success
    ? []
    : parsed.error.issues
        .flatMap((issue) => flatten(issue, []))
        .map((issue) => toShapeIssue(issue, template));
}

type Issue = z.core.$ZodIssue;

/** If no alternative of a union fits, the closest one says what is wrong. */
function flatten(issue: Issue, above: readonly PropertyKey[]): readonly Issue[] {
  const path = [...above, ...issue.path];
  const inner =
    issue.code === "invalid_union"
      ? issue.errors.find((issues) => issues.some((each) => each.path.length > 0))
      : undefined;
  return inner === undefined ? [{ ...issue, path }] : inner.flatMap((each) => flatten(each, path));
}

function toShapeIssue(issue: Issue, template: JsonObject): ShapeIssue {
  const path = issue.path.map((segment) =>
    typeof segment === "symbol" ? segment.toString() : segment,
  );
  const found = valueAt(template, path);
  const isQuotable = typeof found === "number" && wanted(issue) === "a string";
  return {
    path,
    message: `${fieldOf(path)} ${describe(issue, found)}.`,
    hint: hintFor(path, template) ?? (isQuotable ? "Put it in quotes." : undefined),
  };
}

/** Ruby writes a symbol as a key with a colon before it. */
function hintFor(path: readonly PathSegment[], template: JsonObject): string | undefined {
  const key = path.at(-1);
  return typeof key === "string"
    ? rubySymbolHint(key, valueAt(template, path.slice(0, -1)))
    : undefined;
}

/** The last key of a path, and the indices after it. */
function fieldOf(path: readonly (string | number)[]): string {
  return formatPath(
    path.slice(
      Math.max(
        0,
        path.findLastIndex((segment) => typeof segment === "string"),
      ),
    ),
  );
}

/** Never contains the value, which may be a secret. */
function describe(issue: Issue, found: JsonValue | undefined): string {
  if (found === undefined) return "is missing";
  if (issue.code === "too_small" && found === "") return "is empty";
  if (issue.code === "too_small" || issue.code === "too_big") return "is out of range";
  if (issue.code === "invalid_value" && typeof found === "string")
    return `is not one of ${issue.values.join(", ")}`;
  const expected = wanted(issue);
  return expected === undefined
    ? "does not have the expected form"
    : `is ${kindOf(found)} where ${expected} belongs`;
}

const kinds: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "empty",
};

function wanted(issue: Issue): string | undefined {
  if (issue.code === "invalid_value") return "a string";
  if (issue.code === "invalid_union")
    return issue.errors.flatMap((issues) => issues.map(wanted)).join(" or ");
  return issue.code === "invalid_type" ? kinds[issue.expected] : undefined;
}

function kindOf(found: JsonValue): string | undefined {
  return kinds[found === null ? "null" : Array.isArray(found) ? "array" : typeof found];
}
