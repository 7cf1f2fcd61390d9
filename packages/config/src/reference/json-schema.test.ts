import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { resolveConfig } from "../load-config.js";
import { fieldTable } from "../schema/field-table.js";
import { otherValue } from "../testing/other-value.js";
import { emptyTree, setAt, type Tree } from "../tree.js";
import { renderConfigurationSchema } from "./json-schema.js";

const accepts = new Ajv({ allowUnionTypes: true }).compile(
  JSON.parse(renderConfigurationSchema()) as object,
);
const plain = fieldTable.filter(({ path }) => !path.includes("[]"));
const variables = { FIRST: "", SECOND: "" };

const keys = [{ name: "grafana", key: "k-12345678901234", rights: ["read"] }];

function given(path: string, value: unknown): Tree {
  const tree = emptyTree();
  setAt(tree, ["worker", "web", "auth"], { enabled: false, api_keys: keys });
  setAt(tree, path.split("."), value);
  return tree;
}

/** The ways to write one text with variables in it: whole, in part, and beside another. */
function spellingsOf(text: string): string[] {
  const [beginning, rest] = [text.slice(0, 1), text.slice(1)];
  return [
    `\${FIRST:-${text}}`,
    `${beginning}\${FIRST:-${rest}}`,
    `\${FIRST:-${beginning}}${rest}`,
    `\${FIRST:-${beginning}}\${SECOND:-${rest}}`,
  ];
}

/** A value as it is and with variables in the place of each of its texts, numbers and booleans. */
function writtenAs(value: unknown): unknown[] {
  if (Array.isArray(value))
    return [value, ...value.flatMap((item) => writtenAs(item).map((written) => [written]))];
  if (typeof value !== "object" || value === null) return [value, ...spellingsOf(String(value))];
  return Object.entries(value).flatMap(([key, member]) =>
    writtenAs(member).map((written) => ({ ...value, [key]: written })),
  );
}

describe("the JSON Schema for editors", () => {
  it.each(plain.map((field) => [field.path, field] as const))(
    "takes for %s whatever the loader takes, variables included",
    (path, field) => {
      for (const value of writtenAs(path.endsWith(".api_keys") ? keys : otherValue(field))) {
        expect(resolveConfig(given(path, value), { env: variables }).settings).toBeDefined();
        expect([value, accepts(given(path, value)), accepts.errors]).toEqual([value, true, null]);
      }
    },
  );

  it("accepts blanks around a variable for a number", () => {
    const padded = given("worker.health.slow_ms", " ${FIRST:-250}\n");
    expect([
      resolveConfig(padded, { env: variables }).settings.worker.health.slow_ms,
      accepts(padded),
    ]).toEqual([250, true]);
  });

  it.each([
    ["worker.health.slow_ms", "250"],
    ["worker.web.enabled", "true"],
    ["worker.web.enabled", "${1:-true}"],
    ["worker.web.auth.api_keys", [{ ...keys[0], rights: ["admin"] }]],
    ["worker.web.auth.api_keys", [{ ...keys[0], rights: [] }]],
  ])("rejects for %s what the loader rejects: %j", (path, value) => {
    expect(() => resolveConfig(given(path, value), { env: variables })).toThrow();
    expect(accepts(given(path, value))).toBe(false);
  });
});
