import * as z from "zod";
import { settingsSchema } from "../schema/settings-schema.js";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Writes `docs/configuration.schema.json`: for editors that complete and check TOML. */
export function renderConfigurationSchema(): string {
  // Editors of TOML know draft 7.
  const schema = z.toJSONSchema(settingsSchema, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => adapt(jsonSchema),
  });
  return `${JSON.stringify({ title: "Configuration of a worker", ...schema }, null, 2)}\n`;
}

/** A file is one layer of several, and a variable may replace any value. */
function adapt(schema: JsonSchema): void {
  delete schema.required;
  delete schema.additionalProperties;
  addUnit(schema);
  delete schema.safe;
  delete schema.fallback;
  if (schema.type === "string") allowVariableInText(schema);
  if (schema.type === "integer" || schema.type === "number" || schema.type === "boolean")
    allowVariable(schema);
}

function addUnit(schema: JsonSchema): void {
  const unit = schema.unit;
  delete schema.unit;
  if (typeof unit === "string")
    schema.description = `${schema.description ?? ""} Unit: ${unit}.`.trim();
}

/** As `expandText` knows it. It may be a part of the text, next to blanks and other variables. */
const variable = "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}";

function allowVariable(schema: JsonSchema): void {
  Object.assign(schema, { type: [schema.type, "string"], pattern: variable });
}

/** A text is validated after its variables are expanded; the words of a closed list still help an editor. */
function allowVariableInText(schema: JsonSchema): void {
  delete schema.pattern;
  const words = schema.enum;
  if (words === undefined) return;
  delete schema.enum;
  schema.anyOf = [{ enum: words }, { pattern: variable }];
}
