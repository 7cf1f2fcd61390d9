import * as z from "zod";
import { settingsSchema } from "./settings-schema.js";

/** The type of a field as TOML writes it. */
export type FieldType = "boolean" | "integer" | "number" | "string" | "list" | "list of numbers";

/** One key that the worker uses. */
export interface Field {
  /** `worker.web.auth.api_keys[].name`: `[]` stands for every index. */
  readonly path: string;
  readonly type: FieldType;
  /** As a file would write it; null if a missing key has its own meaning, or if the key is required. */
  readonly default: unknown;
  readonly unit: string | null;
  readonly description: string;
  /** The key that is used if this one is missing. */
  readonly fallback: string | null;
  /** Whether the schema declares the value safe to show. */
  readonly safe: boolean;
}

/** All keys that the worker uses, in the schema's order. */
export const fieldTable: readonly Field[] = Object.freeze([...fieldsOf(settingsSchema, "")]);

function* fieldsOf(schema: z.core.$ZodType, path: string): Generator<Field> {
  const inner = innermost(schema);
  if (inner instanceof z.ZodObject) {
    for (const [key, member] of Object.entries<z.core.$ZodType>(inner.def.shape))
      yield* fieldsOf(member, path === "" ? key : `${path}.${key}`);
    return;
  }
  if (inner instanceof z.ZodArray && innermost(inner.def.element) instanceof z.ZodObject) {
    yield toField(schema, inner, path);
    yield* fieldsOf(inner.def.element, `${path}[]`);
    return;
  }
  yield toField(schema, inner, path);
}

function toField(schema: z.core.$ZodType, inner: z.core.$ZodType, path: string): Field {
  const notes = z.globalRegistry.get(schema) ?? {};
  const type = typeOf(inner);
  return Object.freeze({
    path,
    type,
    default: defaultOf(schema),
    unit: textOf(notes.unit),
    description: notes.description ?? "",
    fallback: textOf(notes.fallback),
    // Numbers, booleans and words of a closed list cannot contain a secret.
    safe: type === "boolean" || type === "integer" || type === "number" || notes.safe === true,
  });
}

/** Removes defaults, transformations and null from a schema, which leaves what a file contains. */
function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return innermost(schema.def.innerType);
  return schema instanceof z.ZodPipe ? innermost(schema.def.in) : schema;
}

function defaultOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? schema.def.defaultValue
    : null;
}

function typeOf(schema: z.core.$ZodType): FieldType {
  if (schema instanceof z.ZodArray)
    return innermost(schema.def.element) instanceof z.ZodNumber ? "list of numbers" : "list";
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodNumber) return schema.format === null ? "number" : "integer";
  return "string";
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
