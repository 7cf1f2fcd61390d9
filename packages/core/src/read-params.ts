import type * as z from "zod";
import { ObservabilityError } from "./errors.js";
import type { ParamsSchema } from "./operation.js";

/**
 * Params as their schema parses them, with defaults filled in.
 *
 * @param operationName - the operation or method, for the message.
 * @throws ObservabilityError INVALID_PARAMS that lists all mistakes, and repeats no value that was sent.
 */
export function readParams<Schema extends ParamsSchema>(
  operationName: string,
  schema: Schema,
  params: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data as z.output<Schema>;
  throw new ObservabilityError(
    "INVALID_PARAMS",
    `${operationName} rejected its params: ${formatIssues(schema, parsed.error.issues)}`,
  );
}

/**
 * Lists all mistakes in params, for a message that may be logged: it repeats no value and no unknown key that was sent.
 */
export function formatIssues(schema: ParamsSchema, issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .map((issue) => `${placeOf(schema, issue.path)}: ${problemOf(schema, issue)}`)
    .join("; ");
}

/** A path contains the schema's keys. At the first key of the caller's own, it ends with a note that there is one. */
function placeOf(schema: ParamsSchema, path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  if (typeof first !== "string" || !Object.hasOwn(schema.shape, first)) return "params";
  return [
    first,
    ...rest.map((segment) => (typeof segment === "number" ? String(segment) : "*")),
  ].join(".");
}

function problemOf(schema: ParamsSchema, issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys") return issue.message;
  const unknown = issue.keys.length === 1 ? "an unknown key" : `${issue.keys.length} unknown keys`;
  const known = Object.keys(schema.shape).join(", ");
  return issue.path.length > 0 ? unknown : `${unknown} (known: ${known === "" ? "none" : known})`;
}
