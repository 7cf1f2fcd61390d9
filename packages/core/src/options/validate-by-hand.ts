import {
  valueProblemOf,
  type OptionPath,
  takesOptions,
  textProblemOf,
  unknownOption,
} from "./option-messages.js";

// For the factories of core's main entry, which must not load zod.

type Given = Readonly<Record<string, unknown>>;

/** Unknown names, or the problem that the value is not an object. */
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

/** The problem of an option that may be absent. */
export function validate(
  path: OptionPath,
  value: unknown,
  isValid: (value: unknown) => boolean,
  expected: string,
): readonly string[] {
  return value === undefined || isValid(value) ? [] : [textProblemOf(path, expected, value)];
}

/** The problem of an option that is a number from `min` to `max`, and may be absent if it has a default. */
export function validateNumber(
  name: string,
  value: unknown,
  { min: min = 0, max: max, isRequired = false }: NumberRule,
): readonly string[] {
  if (value === undefined && !isRequired) return [];
  if (typeof value === "number" && value >= min && value <= max) return [];
  return [valueProblemOf([name], `a number from ${min} to ${max}`, value)];
}

/** What a number must be. */
export interface NumberRule {
  /** @default 0 */
  readonly min?: number;
  readonly max: number;
  /** @default false */
  readonly isRequired?: boolean;
}

export function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

/** Recognizes a handle, such as a clock, by its methods. */
export function hasMethods(...methods: readonly string[]): (value: unknown) => boolean {
  return (value) => methods.every((method) => isFunction(toObject(value)[method]));
}

/** The value if it is an object, else an empty one. */
export function toObject(value: unknown): Given {
  return typeof value === "object" && value !== null ? (value as Given) : {};
}
