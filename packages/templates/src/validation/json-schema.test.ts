import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json.js";
import { inShort } from "../testing/templates.js";
import { validateJsonSchema } from "./json-schema.js";

function found(schema: JsonObject): readonly string[] {
  return inShort(
    validateJsonSchema(schema, { code: "invalid_input_schema", path: ["input_schema"] }),
  );
}

describe("a JSON Schema", () => {
  it.each<JsonObject>([
    {},
    {
      type: "object",
      properties: { a: { type: ["string", "null"], format: "card-number", "x-mask": true } },
    },
    { $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{ type: "string" }] },
    { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }] },
    { items: [{ type: "string" }], definitions: { a: {} } },
    { $schema: "https://json-schema.org/draft/2019-09/schema", unevaluatedProperties: false },
    { $defs: { a: { type: "string" } }, properties: { b: { $ref: "#/$defs/a" } } },
    { $id: "https://example.com/order", type: "object" },
    { pattern: "^\\d{3}\\-\\d{4}$" },
  ])("is fine: %j", (schema) => {
    expect(found(schema)).toEqual([]);
    expect(found(schema)).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [{ type: "strnig" }, "type"],
    [{ properties: { a: { minimum: "1" } } }, "properties.a.minimum"],
    [{ required: "a" }, "required"],
    [{ $schema: "http://json-schema.org/draft-07/schema#", properties: { a: 5 } }, "properties.a"],
    [{ properties: { "a/b~c": { type: 1 } } }, "properties.a/b~c.type"],
    [{ allOf: [{}, { type: 1 }] }, "allOf.1.type"],
  ])("has its problems reported, with their places: %j", (schema, path) => {
    expect(found(schema)).toEqual([`error invalid_input_schema input_schema.${path}`]);
  });

  it("has every fault reported", () => {
    expect(found({ type: 1, required: 2, properties: { a: { type: "x" } } })).toHaveLength(3);
  });

  it("may not refer to what is not there, nor to another place", () => {
    expect(found({ $ref: "#/$defs/missing" })).toEqual(["error invalid_input_schema input_schema"]);
    expect(found({ $ref: "https://example.com/schema" })).toEqual([
      "error invalid_input_schema input_schema",
    ]);
  });

  it("may have only patterns that are valid regular expressions", () => {
    expect(
      validateJsonSchema(
        { properties: { a: { pattern: "(sk_live_51Hf9aQ2Lk" } } },
        { code: "invalid_input_schema", path: [] },
      ),
    ).toMatchObject([
      {
        severity: "error",
        message: "The schema cannot be used: a pattern in it is not a valid regular expression.",
      },
    ]);
  });

  it("of an unknown dialect is a warning", () => {
    expect(found({ $schema: "http://json-schema.org/draft-04/schema#" })).toEqual([
      "warning invalid_input_schema input_schema.$schema",
    ]);
  });

  it("never has its values quoted", () => {
    expect(
      JSON.stringify(
        validateJsonSchema(
          { type: "sk_live_51Hf9aQ2Lk" },
          { code: "invalid_input_schema", path: [] },
        ),
      ),
    ).not.toContain("sk_live");
  });
});
