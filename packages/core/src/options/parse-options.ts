import * as z from "zod/mini";
import { ObservabilityError } from "../errors.js";
import {
  assertValid,
  pathText,
  problemOf,
  takesOptions,
  textProblemOf,
  unknownOption,
} from "./option-messages.js";

/**
 * Options as their schema reads them, with defaults filled in. Handles, functions and services stay the same values,
 * not copies; `undefined` counts as absent.
 *
 * @param factory - the factory's name, for the messages.
 * @param schema - a `z.strictObject` of zod's own types and of those in `option-types.ts`. Messages of its own checks
 * are whole sentences. Editors and the README's table show the TSDoc of its properties.
 * @throws ObservabilityError INVALID_PARAMS that lists every problem with its path, what was expected and what kind of
 * value was given; never a string, which may be a password.
 * @example
 * const optionsSchema = z.strictObject({
 *   timeoutMs: z._default(delayMs(), 5_000),
 *   clock: z.optional(clockOption),
 * });
 * export type XOptions = z.input<typeof optionsSchema>;
 * const { timeoutMs, clock = systemClock } = parseOptions("createX", optionsSchema, options);
 */
export function parseOptions<Schema extends z.core.$ZodType>(
  factory: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> {
  const result = safeParse(factory, schema, options);
  assertValid(problemsIn(result));
  return result.data as z.output<Schema>;
}

/** Only the problems of options, for a factory that checks more before it throws all at once. */
export function validateOptions(
  factory: string,
  schema: z.core.$ZodType,
  options: unknown,
): readonly string[] {
  return problemsIn(safeParse(factory, schema, options));
}

type Result = z.core.util.SafeParseResult<unknown>;
type RawIssue = z.core.$ZodRawIssue;

function safeParse(factory: string, schema: z.core.$ZodType, options: unknown): Result {
  try {
    return z.safeParse(schema, options, { error: (issue) => messageOf(factory, issue) });
  } catch (error) {
    throw new ObservabilityError("INVALID_PARAMS", `The options of ${factory} cannot be read.`, {
      cause: error,
    });
  }
}

/** A misspelled name explains what is missing, so it comes first. */
function problemsIn({ error }: Result): readonly string[] {
  const issues = error?.issues ?? [];
  const isUnknown = ({ code }: z.core.$ZodIssue): boolean => code === "unrecognized_keys";
  const sorted = [...issues.filter(isUnknown), ...issues.filter((issue) => !isUnknown(issue))];
  return [...new Set(sorted.map(({ message }) => message))];
}

/** Messages for zod's own types; the types of this folder have their own messages. */
function messageOf(factory: string, issue: RawIssue): string {
  const { path = [], inst, input } = issue;
  const at = path.length === 0 ? factory : pathText(path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownOption(at, key, namesOf(inst))).join(" ");
  if (issue.code === "invalid_value") {
    const values = issue.values.map((value) => JSON.stringify(value));
    return textProblemOf(path, values.join(" or "), input);
  }
  if (issue.code === "too_small") return `${at} must not be empty.`;
  if (issue.code !== "invalid_type") return `${at} is not valid: ${issue.code}.`;
  return issue.expected === "object"
    ? takesOptions(at, namesOf(inst), input)
    : problemOf(path, typeNames[issue.expected] ?? issue.expected, input);
}

const typeNames: Readonly<Record<string, string>> = {
  array: "an array",
  boolean: "true or false",
  number: "a number",
  record: "an object",
  string: "a string",
};

function namesOf(inst: RawIssue["inst"]): readonly string[] {
  const { shape = {} } = (inst as z.core.$ZodObject | undefined)?._zod.def ?? {};
  return Object.keys(shape);
}
