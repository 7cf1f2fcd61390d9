import * as z from "zod/mini";
import type { AccessPolicy } from "../access-policy.js";
import { type Clock, maxTimerMs } from "../clock.js";
import type { WorkerContext } from "../context.js";
import { expectedLogger, isLoggerLike, type LoggerLike } from "../logger.js";
import { valueProblemOf, pathText, problemOf, textProblemOf } from "./option-messages.js";

/** How the table in a README describes a number. */
export interface NumberOptions {
  readonly unit?: string;
}

/** A number from `min` to `max`. */
export function numberOption(
  min: number,
  max: number,
  { unit }: NumberOptions = {},
): z.ZodMiniNumber<number> {
  const error = expects(`a number from ${min} to ${max}`);
  return z
    .number({ error })
    .check(z.minimum(min, { error }), z.maximum(max, { error }), z.meta({ unit }));
}

/** A whole number from `min` to `max`. */
export function wholeNumberOption(
  min: number,
  max: number,
  { unit }: NumberOptions = {},
): z.ZodMiniNumber<number> {
  const error = expects(`a whole number from ${min} to ${max}`);
  return z
    .number({ error })
    .check(
      z.int({ error }),
      z.minimum(min, { error }),
      z.maximum(max, { error }),
      z.meta({ unit }),
    );
}

/** A time-out, or any other delay that a timer takes: whole milliseconds, at most 24 days. */
export function delayMs(min = 1): z.ZodMiniNumber<number> {
  return wholeNumberOption(min, maxTimerMs, { unit: "ms" });
}

/** A string that passes `isValid`. */
export function textOption(
  expected = "a string that is not empty",
  isValid = (text: string): boolean => text !== "",
): z.ZodMiniString<string> {
  const error: ErrorText = ({ path = [], input }) => textProblemOf(path, expected, input);
  return z.string({ error }).check(z.refine(isValid, { error }));
}

/** A function, passed through unchanged. @param signature - `(request) => string`. */
export function functionOption<Fn>(signature: string): z.ZodMiniType<Fn, Fn> {
  const isFunction = (value: unknown): boolean => typeof value === "function";
  return valueOption<Fn>(`a function: ${signature}`, isFunction, `\`${signature}\``);
}

/** A value that passes `isValid`, passed through unchanged. @param type - its type in the README's table. */
export function valueOption<Value>(
  expected: string,
  isValid: (value: unknown) => boolean,
  type: string,
): z.ZodMiniType<Value, Value> {
  return z
    .custom<Value>(isValid, { error: ({ path = [], input }) => problemOf(path, expected, input) })
    .check(z.meta({ type }));
}

/** How a handle or a service is recognized. */
export interface ObjectShape {
  /** Its name with an article: `a Clock`. */
  readonly name: string;
  readonly methods?: readonly string[];
  /** The names of properties that are objects. */
  readonly parts?: readonly string[];
  /** Where to get one, as a sentence. */
  readonly hint?: string;
}

/**
 * A handle or a service, passed through unchanged. It is recognized by its members and not by its class, of which there
 * may be two copies.
 */
export function objectLike<Value>({
  name,
  methods = [],
  parts = [],
  hint,
}: ObjectShape): z.ZodMiniType<Value, Value> {
  const lackedBy = (value: object): readonly string[] => [
    ...methods.filter((method) => typeof Reflect.get(value, method) !== "function"),
    ...parts.filter((part) => !isObject(Reflect.get(value, part))),
  ];
  return z
    .custom<Value>((value) => isObject(value) && lackedBy(value).length === 0, {
      error: ({ path = [], input }) =>
        [
          isObject(input)
            ? `${pathText(path)} must be ${name}, but lacks ${lackedBy(input).join(", ")}.`
            : problemOf(path, name, input),
          ...(hint === undefined ? [] : [hint]),
        ].join(" "),
    })
    .check(z.meta({ type: `\`${name.replace(/^an? /, "")}\`` }));
}

/**
 * An object with the properties of `schema`, passed through unchanged. An instance of a class may have more: its state.
 */
export function objectAsGiven<Schema extends z.core.$ZodObject>(
  schema: Schema,
): z.ZodMiniType<z.input<Schema>, z.input<Schema>> {
  return z.custom<z.input<Schema>>().check((payload) => {
    const given = { value: payload.value, issues: [] };
    const result = (hasClass(payload.value) ? ignoringUnknownKeys(schema) : schema)._zod.run(
      given,
      {
        async: false,
      },
    );
    if (!(result instanceof Promise)) payload.issues.push(...result.issues);
  });
}

/** The clock of a service; a fake one in tests. */
export const clockOption = objectLike<Clock>({
  name: "a Clock",
  methods: ["wallMs", "monotonicMs", "after"],
});

/** Receives log lines. */
export const loggerOption = valueOption<LoggerLike>(
  expectedLogger,
  isLoggerLike,
  "`Logger`, `pino()` or `console`",
);

/** The worker that a service answers for. */
export const contextOption = objectLike<WorkerContext>({
  name: "a WorkerContext",
  parts: ["identity", "ports", "steps", "clock", "lifecycle", "liveness"],
  hint: "createWorkerContext() makes one.",
});

/** What a transport offers, and to which callers. */
export const policyOption = objectLike<AccessPolicy>({
  name: "an AccessPolicy",
  methods: ["offers", "refusal"],
  hint: "createAccessPolicy() makes one.",
});

/** The same schema without its rejection of unknown keys. */
function ignoringUnknownKeys<Schema extends z.core.$ZodObject>(schema: Schema): Schema {
  return z.clone(schema, { ...schema._zod.def, catchall: undefined });
}

type ErrorText = (issue: z.core.$ZodRawIssue) => string;

function expects(expected: string): ErrorText {
  return ({ path = [], input }) => valueProblemOf(path, expected, input);
}

function hasClass(value: unknown): boolean {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
