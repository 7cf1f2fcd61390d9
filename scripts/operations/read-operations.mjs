import { createRequire } from "node:module";

const { toJSONSchema } = createRequire(
  new URL("../../packages/core/package.json", import.meta.url),
)("zod/mini");

/** What the generated files say of an operation, in the catalogue's order. @throws Error for a row that no service has. */
export function readOperations(catalogue, operations) {
  return Object.entries(catalogue).map(([name, row]) => {
    const operation = operations[name];
    if (operation === undefined) throw new Error(`No service has the operation ${name}.`);
    return {
      name,
      facade: row.facade,
      method: row.facade.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      summary: row.summary,
      http: row.http ?? [],
      isText: operation.mediaTypes[0] !== "application/json",
      params: paramsOf(operation),
    };
  });
}

function paramsOf({ params }) {
  const { properties = {}, required = [] } = toJSONSchema(params, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    type: schema.type,
    isRequired: required.includes(name),
    default: schema.default,
  }));
}
