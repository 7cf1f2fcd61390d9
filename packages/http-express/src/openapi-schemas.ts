import type { Operation } from "@tasker-observability/core";

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

/** The operations' schemas in an OpenAPI document. */
export interface OpenApiSchemas {
  /** The named schemas, for `components.schemas`. */
  readonly components: JsonObject;
  /** The result of an operation: text, or a reference to a named schema. */
  resultOf(operation: Operation): JsonObject;
  paramsOf(
    operation: Operation,
  ): readonly { readonly name: string; readonly required: boolean; readonly schema: JsonObject }[];
}

const componentPath = "#/components/schemas/";

/** Converts the zod schemas of some operations. A result schema is named by its title, else by its operation. */
export async function createOpenApiSchemas(
  operations: readonly Operation[],
): Promise<OpenApiSchemas> {
  const { z } = await import("zod");
  const names = namesOfResults(operations, (schema) => z.globalRegistry.get(schema)?.title);
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of names) registry.add(schema, { id });
  const converted = z.toJSONSchema(registry, {
    uri: (id) => `${componentPath}${id}`,
    unrepresentable: "any",
  });
  return {
    components: toComponents(converted.schemas),
    resultOf(operation) {
      const name = names.get(operation.result);
      return name === undefined ? { type: "string" } : { $ref: `${componentPath}${name}` };
    },
    paramsOf(operation) {
      const { properties = {}, required = [] } = z.toJSONSchema(operation.params, {
        io: "input",
        unrepresentable: "any",
      });
      return Object.entries(properties).map(([name, schema]) => ({
        name,
        required: required.includes(name),
        schema: schema as JsonObject,
      }));
    },
  };
}

function namesOfResults(
  operations: readonly Operation[],
  titleOf: (schema: Operation["result"]) => string | undefined,
): ReadonlyMap<Operation["result"], string> {
  const names = new Map<Operation["result"], string>();
  for (const { name, result, mediaTypes } of operations) {
    if (mediaTypes[0] !== "application/json" || names.has(result)) continue;
    const title = titleOf(result);
    const isFree =
      title !== undefined &&
      /^\w+$/.test(title) &&
      title !== "Error" &&
      ![...names.values()].includes(title);
    names.set(result, isFree ? title : toPascalCase(name));
  }
  return names;
}

/** Makes the name of a component from one in lower snake case. */
export function toPascalCase(snake: string): string {
  return snake.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Makes components of separate schemas: without `$id`, with shared definitions as separate components. */
function toComponents(schemas: Readonly<Record<string, unknown>>): JsonObject {
  const { __shared: shared, ...named } = JSON.parse(JSON.stringify(schemas), relocate) as Record<
    string,
    { $defs?: JsonObject }
  >;
  return { ...named, ...shared?.$defs };
}

function relocate(key: string, value: unknown): unknown {
  if (key === "$schema" || key === "$id") return undefined;
  return key === "$ref" && typeof value === "string"
    ? value.replace(`${componentPath}__shared#/$defs/`, componentPath)
    : value;
}
