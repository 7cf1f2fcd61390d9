import { maxTimerMs, namespaceRule, namespacePattern } from "@tasker-observability/core";
import { isListenHost } from "@tasker-observability/core/options";
import * as z from "zod";
import { type BindAddress, parseBindAddress } from "../bind-address.js";
import { validateDatabaseUrl } from "../database-url.js";
import { Secret } from "../secret.js";

/** What a field's schema says besides its type. */
export interface FieldNotes {
  readonly description: string;
  /** `ms`, `s`, `rows`…; none for values that are not amounts. */
  readonly unit?: string | undefined;
  /** The key whose value applies if the field is missing. */
  readonly fallback?: string | undefined;
}

const longestDelaySeconds = Math.floor(maxTimerMs / 1_000);

interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export function milliseconds(value: number, description: string, range: Range = {}) {
  return annotate(
    wholeNumber({ min: 1, max: maxTimerMs, ...range }, "milliseconds").default(value),
    { description, unit: "ms" },
  );
}

export function seconds(value: number, description: string, range: Range = {}) {
  return annotate(
    wholeNumber({ min: 1, max: longestDelaySeconds, ...range }, "seconds").default(value),
    { description, unit: "s" },
  );
}

export function count(value: number, unit: string, description: string, range: Range = {}) {
  return annotate(
    wholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER, ...range }, unit).default(value),
    { description, unit },
  );
}

/** A share between 0 (not itself) and 1. */
export function ratio(value: number, notes: FieldNotes) {
  const error = "must be a number above 0 and at most 1, such as 0.05 for 5 %";
  return annotate(z.number({ error }).gt(0, { error }).max(1, { error }).default(value), {
    unit: "share",
    ...notes,
  });
}

export function flag(
  value: boolean,
  description: string,
  notes: Omit<FieldNotes, "description"> = {},
) {
  return annotate(
    z
      .boolean({
        error:
          "must be true or false, in lower case; without quotes, unless a variable contains it",
      })
      .default(value),
    { description, ...notes },
  );
}

export function text(value: string, description: string, pattern = /^/, error = "must be text") {
  return annotate(z.string({ error }).regex(pattern, { error }).default(value), { description });
}

/** One of a few words. The default may be a variable with one: defaults are written before variables are expanded. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
  value: Words[number] | `\${${string}:-${Words[number]}}`,
  description: string,
) {
  const quoted = words.map((word) => `"${word}"`);
  const error = `must be ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return annotate(z.enum(words, { error }).prefault(value), { description });
}

/** Upper bounds of a histogram, in seconds; null without a list. */
export function bucketBounds(description: string) {
  const error = "must be a list of 1 to 100 positive numbers of seconds, ascending";
  const bound = z.number({ error }).positive({ error });
  const bounds = z
    .array(bound, { error })
    .min(1, { error })
    .max(100, { error })
    .refine((list) => list.every((each, index) => index === 0 || each > (list[index - 1] ?? 0)), {
      error,
    });
  return annotate(bounds.nullable().default(null), { description, unit: "s" });
}

/** Template namespaces: what names a queue. */
export function namespaceList(description: string, fallback?: string) {
  const error = `must be a namespace. ${namespaceRule}`;
  const namespace = z.string({ error }).regex(namespacePattern, { error });
  const list = z
    .array(namespace, { error: 'must be a list of namespaces, such as ["payments"]' })
    .superRefine(rejectDuplicates);
  return annotate(list.default([]), { description, fallback });
}

function rejectDuplicates(items: readonly string[], context: z.RefinementCtx<string[]>): void {
  for (const [index, item] of items.entries()) {
    const first = items.indexOf(item);
    if (first !== index)
      context.addIssue({
        code: "custom",
        path: [index],
        message: `is the same as item ${first}: list each once`,
      });
  }
}

/** Text that is never shown: the schema's output wraps it in a {@link Secret}. */
export function secretText(value: string, description: string, pattern: RegExp, error: string) {
  const schema = z
    .string({ error: "must be text" })
    .regex(pattern, { error })
    .transform((secret) => new Secret(secret));
  return annotate(schema.prefault(value), { description });
}

/** Where a PostgreSQL server is, credentials included; empty if none is given. */
export function databaseUrl(value: string, description: string) {
  const schema = z
    .string({ error: "must be text" })
    .superRefine((url, context) => {
      const message = url === "" ? null : validateDatabaseUrl(url);
      if (message !== null) context.addIssue({ code: "custom", message });
    })
    .transform((url) => new Secret(url));
  return annotate(schema.prefault(value), { description });
}

export function bindAddress(value: string, description: string) {
  const error = "must be host:port, such as 127.0.0.1:8081 or [::1]:8081, with a port up to 65535";
  const schema = z.string({ error }).transform((address, context): BindAddress => {
    const parsed = parseBindAddress(address);
    if (parsed !== null) return parsed;
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  });
  return annotate(schema.prefault(value), { description });
}

/** Host names and IP addresses without ports; null without a list. */
export function hostList(description: string, fallback: string) {
  const error =
    "must be an IP address or a host name, without a port or brackets, such as worker.example.com";
  const host = z.string({ error }).refine(isListenHost, { error });
  const list = z.array(host, { error: 'must be a list of hosts, such as ["worker.example.com"]' });
  return annotate(list.nullable().default(null), { description, fallback });
}

/** A whole number of a unit, within a range that the message names. */
export function wholeNumber({ min = 0, max = Number.MAX_SAFE_INTEGER }: Range, unit: string) {
  const bound = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = `must be a whole number ${bound} (${unit})`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** Adds a description and notes to a schema, for the reference and for editors. */
export function annotate<Schema extends z.ZodType>(schema: Schema, notes: FieldNotes): Schema {
  const { description, ...rest } = notes;
  return schema.meta({ description, ...rest });
}

/** A table of fields that may be missing as a whole. */
export function table<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.object(shape, { error: "must be a table" });
}
