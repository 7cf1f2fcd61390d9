import { cutText } from "@tasker-observability/redact";
import { ObservabilityError } from "../errors.js";
import { didYouMean } from "../nearest-name.js";

/** The path of an option: `["checks", 0, "name"]`. */
export type OptionPath = readonly PropertyKey[];

/** `checks[0].name` */
export function pathText(path: OptionPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

/** `createX takes an object with the options a, b, not null.` */
export function takesOptions(factory: string, known: readonly string[], given: unknown): string {
  return `${factory} takes an object with the options ${known.join(", ")}, not ${kindOf(given)}.`;
}

/** `Unknown option "timeoutMz" of createX. Did you mean "timeoutMs"?` */
export function unknownOption(factory: string, name: string, known: readonly string[]): string {
  const unknown = `Unknown option ${JSON.stringify(cutText(name, 64))} of ${factory}.`;
  return `${unknown} ${didYouMean(name, known) ?? `It takes ${known.join(", ")}.`}`;
}

/**
 * `timeoutMs must be a whole number from 1 to 9, not a string.` A wrong-typed value may be a secret, so only its type is
 * shown.
 */
export function problemOf(path: OptionPath, expected: string, given: unknown): string {
  const wrong = given === undefined ? ", but is missing" : `, not ${kindOf(given)}`;
  return `${pathText(path)} must be ${expected}${wrong}.`;
}

/** The same for an option that is a number: a number is shown. */
export function valueProblemOf(path: OptionPath, expected: string, given: unknown): string {
  return typeof given === "number"
    ? `${pathText(path)} must be ${expected}, not ${given}.`
    : problemOf(path, expected, given);
}

/** The same for an option that is a string: a wrong one is not shown. */
export function textProblemOf(path: OptionPath, expected: string, given: unknown): string {
  return typeof given === "string"
    ? `${pathText(path)} must be ${expected}.`
    : problemOf(path, expected, given);
}

/** @throws ObservabilityError INVALID_PARAMS that lists all problems, if there are any. */
export function assertValid(problems: readonly string[]): void {
  if (problems.length > 0) throw new ObservabilityError("INVALID_PARAMS", problems.join(" "));
}

const kinds: Readonly<Record<string, string>> = {
  bigint: "a bigint",
  function: "a function",
  number: "a number",
  object: "an object",
  string: "a string",
  symbol: "a symbol",
};

/** `a string`: the kind of a value, for a message. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return (value === null ? undefined : kinds[typeof value]) ?? String(value);
}
