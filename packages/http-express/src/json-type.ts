/** The types that a path or a query string can carry. */
export type JsonType = "integer" | "number" | "boolean" | "string";

/** The definition that zod schemas of all kinds have. */
interface SchemaDefinition {
  readonly type: string;
  readonly format?: unknown;
  readonly checks?: readonly unknown[];
  readonly innerType?: unknown;
  readonly in?: unknown;
}

/** The JSON type of a param, without optional, default and the like; anything but a number or a boolean is text. */
export function jsonTypeOf(schema: unknown): JsonType {
  const definition = definitionOf(schema);
  if (definition === null) return "string";
  if (definition.type === "boolean") return "boolean";
  if (definition.type === "number") return isInteger(definition) ? "integer" : "number";
  return jsonTypeOf(definition.innerType ?? definition.in);
}

/** `z.int()` has the format itself, `z.number().int()` in one of its checks. */
function isInteger({ format, checks = [] }: SchemaDefinition): boolean {
  return [format, ...checks.map((check) => definitionOf(check)?.format)].some(
    (name) => typeof name === "string" && name.includes("int"),
  );
}

function definitionOf(schema: unknown): SchemaDefinition | null {
  if (typeof schema !== "object" || schema === null || !("_zod" in schema)) return null;
  return (schema as { readonly _zod: { readonly def: SchemaDefinition } })._zod.def;
}
