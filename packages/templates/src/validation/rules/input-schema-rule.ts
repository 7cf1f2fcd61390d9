import { isJsonObject, ownValue } from "../../json.js";
import type { Problem } from "../../problem.js";
import { validateJsonSchema } from "../json-schema.js";
import type { Subject } from "../subject.js";

/** The input schema must be a JSON Schema. */
export function inputSchemaRule({ template }: Subject): readonly Problem[] {
  const schema = ownValue(template, "input_schema");
  return isJsonObject(schema)
    ? validateJsonSchema(schema, { code: "invalid_input_schema", path: ["input_schema"] })
    : [];
}
