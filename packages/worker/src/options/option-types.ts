import { Secret } from "@tasker-observability/config";
import { problemOf, textProblemOf } from "@tasker-observability/core/options";
import { areGlobs, globsExpected, type TemplateSource } from "@tasker-observability/templates";
import * as z from "zod";

export type SecretText = string | Secret;

export const isSecretText = (value: unknown): value is SecretText =>
  value instanceof Secret ? !value.empty : typeof value === "string" && value !== "";

/** A secret string, wrapped so that no log, error or dump shows it. */
export function secretOption(
  expected: string,
  isValid: (text: string) => boolean = () => true,
): z.ZodType<Secret, SecretText> {
  const isValidSecret = (value: unknown): boolean =>
    isSecretText(value) && isValid(value instanceof Secret ? value.reveal() : value);
  return z
    .custom<SecretText>(isValidSecret, {
      error: ({ path = [], input }) => textProblemOf(path, expected, input),
    })
    .meta({ type: "string" })
    .transform(toSecret);
}

export function toSecret(text: SecretText): Secret {
  return text instanceof Secret ? text : new Secret(text);
}

const isList = (value: unknown): boolean => typeof value === "string" || Array.isArray(value);

function templatesProblem({ path = [], input }: z.core.$ZodRawIssue): string {
  const expected = `${globsExpected}; or a TemplateSource`;
  return isList(input)
    ? `${path.join(".")} must be ${expected}.`
    : problemOf(path, expected, input);
}

/** Globs of files, or a source that the application closes. */
export const templatesOption = z
  .custom<string | readonly string[] | TemplateSource>(
    (value) =>
      isList(value)
        ? areGlobs([value].flat())
        : hasMethods(value, ["find", "refetch", "list", "namespaces"]),
    { error: templatesProblem },
  )
  .meta({ type: "glob, globs or `TemplateSource`" });

type ByName<Fn> = Readonly<Record<string, Fn>>;

/** Whether a value is an object of functions. Their parameters cannot be checked. */
export function areFunctions<Fn>(value: unknown): value is ByName<Fn> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((each) => typeof each === "function")
  );
}

/** Functions by name. */
export function functionsByName<Fn>(type: string): z.ZodType<ByName<Fn>, ByName<Fn>> {
  return z.custom<ByName<Fn>>(areFunctions, { error: notFunctions }).meta({ type });
}

function notFunctions({ path = [], input }: z.core.$ZodRawIssue): string {
  return problemOf(path, "an object whose values are functions", input);
}

/** An object of the schema's shape, or `false`. */
export function orFalse<Schema extends z.ZodObject>(
  schema: Schema,
): z.ZodType<z.output<Schema> | false, z.input<Schema> | false> {
  return z
    .custom<z.input<Schema> | false>()
    .transform((value, context): z.output<Schema> | false => {
      if (value === false) return false;
      const result = schema._zod.run({ value, issues: [] }, { async: false });
      if (result instanceof Promise) return z.NEVER;
      context.issues.push(...result.issues);
      return result.value as z.output<Schema>;
    });
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    methods.every((method) => typeof Reflect.get(value, method) === "function")
  );
}
