import * as z from "../../packages/templates/node_modules/zod/index.js";
import { taskTemplateSchema } from "../../packages/templates/dist/index.js";

/** The page of a template's fields, by the schema that reads them. */
export function renderTemplates() {
  const schema = z.toJSONSchema(taskTemplateSchema, {
    io: "input",
    unrepresentable: "any",
    reused: "inline",
  });
  return `# Templates

A task template is a YAML file below \`config/tasks\`, or a row of Tasker's registry. These are its fields; \`tasker-observability templates validate\` names what is wrong with a file, with line and column. [A first worker](/first-worker) shows a whole one.

| field | type | required | meaning |
| --- | --- | --- | --- |
${rowsOf(schema, "").join("\n")}
`;
}

function rowsOf(schema, prefix) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix + name;
    const required = (schema.required ?? []).includes(name) ? "yes" : "";
    const own = unwrap(property);
    const row = `| \`${path}\` | ${typeOf(property)} | ${required} | ${property.description ?? own.description ?? ""} |`;
    if (own.type === "array") return [row, ...rowsOf(unwrap(own.items ?? {}), `${path}[].`)];
    return [row, ...rowsOf(own, `${path}.`)];
  });
}

/** What a field is besides null. */
function unwrap(schema) {
  const others = (schema.anyOf ?? []).filter(({ type }) => type !== "null");
  return others.length === 1 ? others[0] : schema;
}

function typeOf(schema) {
  const { type, enum: values, anyOf } = schema;
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(" or ");
  return Array.isArray(type) ? type.join(" or ") : (type ?? "any");
}
