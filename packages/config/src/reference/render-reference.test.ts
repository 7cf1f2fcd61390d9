import { describe, expect, it } from "vitest";
import { resolveConfig } from "../load-config.js";
import { fieldTable } from "../schema/field-table.js";
import { emptyTree, setAt } from "../tree.js";
import { renderConfigurationSchema } from "./json-schema.js";
import { renderConfigurationReference } from "./render-reference.js";
import { unusedTaskerKeys } from "./unused-keys.js";

it.each([
  ["configuration.md", renderConfigurationReference],
  ["configuration.schema.json", renderConfigurationSchema],
])("docs/%s is up to date (npm run generate writes it)", async (name, render) => {
  const { pathname } = new URL(`../../../../docs/${name}`, import.meta.url);
  await expect(render()).toMatchFileSnapshot(pathname);
});

describe("the reference", () => {
  it("has one row for each key", () => {
    const rows = renderConfigurationReference()
      .split("\n")
      .filter((line) => /^\| `(common|worker)\.[^`]*` \|/.test(line));
    for (const { path } of fieldTable)
      expect(rows.filter((row) => row.startsWith(`| \`${path}\` |`))).toHaveLength(1);
    expect(rows.length).toBeGreaterThan(40);
  });

  it("calls no key without effect that has one", () => {
    for (const key of unusedTaskerKeys
      .flatMap((group) => group.keys)
      .filter((key) => typeof key === "string")) {
      const tree = emptyTree();
      setAt(tree, key.replace(/\.\*$/, ".x").replace(/\*$/, "x").split("."), 1);
      const { unused_keys, unknown_keys } = resolveConfig(tree, { env: {} });
      expect([unused_keys.length, unknown_keys]).toEqual([1, []]);
    }
  });
});

describe("the JSON Schema", () => {
  const schema = JSON.parse(renderConfigurationSchema()) as {
    properties: { worker: { properties: { web: { properties: Record<string, unknown> } } } };
  };

  it("requires nothing and allows unknown keys: a file is one layer of several", () => {
    expect(renderConfigurationSchema()).not.toMatch(/"required"|"additionalProperties"/);
  });

  it("describes each key with default and unit, and allows a variable for a number", () => {
    expect(schema.properties.worker.properties.web.properties.request_timeout_ms).toEqual({
      default: 30_000,
      description: expect.stringMatching(/Unit: ms\.$/),
      type: ["integer", "string"],
      minimum: 1,
      maximum: 2 ** 31 - 1,
      pattern: expect.stringContaining("[A-Za-z_]"),
    });
  });
});
