import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { templateText } from "../testing/templates.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";
import { type FolderIndex, indexFolder } from "./folder-index.js";
import { parseTemplateFile } from "./template-file.js";

function indexOf(...texts: readonly string[]): FolderIndex {
  return indexFolder(
    texts.map((text, index) =>
      parseTemplateFile(`${index}.yaml`, text, { limits: defaultYamlLimits, registeredAt: "" }),
    ),
  );
}

const named = (namespace: string, name: string, version = "1.0.0", lines = ""): string =>
  templateText(lines, { namespace, name, version });
const all = { namespace: null, limit: null, offset: 0 };

describe("the index of a folder", () => {
  it("lists by namespace, name and version, whatever the order of the files", () => {
    const index = indexOf(
      named("b", "a"),
      named("a", "b", "2.0.0"),
      named("a", "b", "1.0.0"),
      named("a", "a"),
    );
    expect(
      index
        .list(all)
        .templates.map(({ namespace, name, version }) => `${namespace} ${name} ${version}`),
    ).toEqual(["a a 1.0.0", "a b 1.0.0", "a b 2.0.0", "b a 1.0.0"]);
    expect(index.namespaces).toEqual(["a", "b"]);
  });

  it("lists one namespace, counted within it; an unknown one is empty", () => {
    const index = indexOf(named("b", "a"), named("a", "b"), named("a", "c"));
    expect(index.list({ ...all, namespace: "a", limit: 1 })).toMatchObject({
      total: 2,
      templates: [{ name: "b" }],
    });
    expect(index.list({ ...all, namespace: "constructor" })).toEqual({ total: 0, templates: [] });
  });

  it("has pages that come to the whole", () => {
    const index = indexOf(...Array.from({ length: 23 }, (_, number) => named("n", `t${number}`)));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (limit) => {
        const pages = Array.from(
          { length: Math.ceil(23 / limit) },
          (_, page) => index.list({ namespace: null, limit, offset: page * limit }).templates,
        );
        expect(pages.flat()).toEqual(index.list(all).templates);
      }),
    );
  });

  it("gives an identity to the first file that has it", () => {
    const index = indexOf(
      named("n", "a", "1.0.0", "description: first"),
      named("n", "a", "1.0.0", "description: second"),
      named("n", "a", "1.0.0", "description: first"),
    );
    expect(index.find({ namespace: "n", name: "a", version: "1.0.0" })).toMatchObject({
      path: "0.yaml",
      template: { definition: { description: "first" } },
    });
    expect(index.list(all).total).toBe(1);
    expect(
      [...index.problems].map(([path, problems]) => [
        path,
        problems.map(
          ({ problem, position }) => `${problem.severity} ${problem.code} ${position.line}`,
        ),
      ]),
    ).toEqual([
      ["1.yaml", ["error duplicate_template 1"]],
      ["2.yaml", ["warning duplicate_template 1"]],
    ]);
  });
});
