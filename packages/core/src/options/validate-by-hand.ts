import { type OptionPath, takesOptions, textProblemOf, unknownOption } from "./option-messages.js";

// For the factories of core's main entry, which must not load zod.

type Given = Readonly<Record<string, unknown>>;

/** Names that a factory does not know, or that it was given no object at all. */
export function validateNames(
  factory: string,
  options: unknown,
  names: readonly string[],
): readonly string[] {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    return [takesOptions(factory, names, options)];
  const unknown = Object.keys(options).filter((name) => !names.includes(name));
  return unknown.map((name) => unknownOption(factory, name, names));
}

/** What is wrong with an option that may be absent. */
export function validate(
  path: OptionPath,
  value: unknown,
  isValid: (value: unknown) => boolean,
  expected: string,
): readonly string[] {
  return value === undefined || isValid(value) ? [] : [textProblemOf(path, expected, value)];
}

/** The value, if it is an object; else one without properties. */
export function toObject(value: unknown): Given {
  return typeof value === "object" && value !== null ? (value as Given) : {};
}
