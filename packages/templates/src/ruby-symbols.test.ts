import { describe, expect, it } from "vitest";
import { parseTemplateFile } from "./sources/template-file.js";
import { templateText } from "./testing/templates.js";
import { defaultYamlLimits } from "./yaml/yaml-limits.js";

function hints(text: string): readonly (string | null)[] {
  const file = parseTemplateFile("a.yaml", text, { limits: defaultYamlLimits, registeredAt: "" });
  return file.problems.map(({ problem }) => problem.hint);
}

describe("keys that are Ruby symbols", () => {
  it("are named in the hint if the template has no name for them", () => {
    expect(hints(":name: refund\n:namespace_name: payments\n:version: 1.0.0\n")).toEqual([
      "The file has Ruby symbols for keys: write name, not :name.",
      "The file has Ruby symbols for keys: write namespace_name, not :namespace_name.",
      "The file has Ruby symbols for keys: write version, not :version.",
    ]);
  });

  it("are named in the hint further down", () => {
    expect(hints(templateText("steps: [{ name: a, handler: { :callable: h } }]"))).toEqual([
      "The file has Ruby symbols for keys: write callable, not :callable.",
    ]);
  });

  it("is not needed if a key is missing", () => {
    expect(hints(templateText("steps: [{ name: a, handler: {} }]"))).toEqual([null]);
  });
});
