import { describe, expect, it } from "vitest";
import { definitionOf, inShort } from "../testing/templates.js";
import { read } from "../testing/read-yaml.js";

const step = "steps: [{ name: s, handler: { callable: h } }]";

describe("a scalar where text belongs", () => {
  it.each(["123", "1.0", "true", "0x1F", "1e3", "12345678901234567890", ".inf", "-0"])(
    "is the text that is written: %s",
    (written) => {
      const text = `name: t\nnamespace_name: n\nversion: ${written}\n${step}`;
      const { identity, definition, problems } = definitionOf(text);
      expect([identity.version, definition.version]).toEqual([written, written]);
      expect(inShort(problems)).toEqual(["warning read_as_text version"]);
    },
  );

  it.each([
    ["name: 1", "name"],
    ["description: 1.50", "description"],
    ["metadata: { author: 1, tags: [2] }", "metadata.author", "metadata.tags.0"],
    ["system_dependencies: { primary: 1 }", "system_dependencies.primary"],
    ["domain_events: [{ name: 1 }]", "domain_events.0.name"],
    ["lifecycle: { staleness_action: 1 }", "lifecycle.staleness_action"],
    ["steps: [{ name: 7, handler: { callable: 5, method: 1 } }]", "steps.0.name"],
    ["steps: [{ depends_on: [1] }]", "steps.0.depends_on.0"],
    ["steps: [{ publishes_events: [1.5, { name: 2 }] }]", "steps.0.publishes_events.0"],
    ["environments: { test: { steps: [{ name: 7 }] } }", "environments.test.steps.0.name"],
    ["environments: { 1: { steps: [{ name: 7 }] } }", "environments.1.steps.0.name"],
  ])("has a warning: %s", (text, ...paths) => {
    const { problems } = read(text);
    expect(inShort(problems)).toEqual(
      expect.arrayContaining(paths.map((path) => `warning read_as_text ${path}`)),
    );
  });

  it.each(["initialization: { name: 1 }", "name: null", "input_schema: { name: 1 }", "a.b: 1"])(
    "is no text elsewhere: %s",
    (text) => {
      expect(read(text).problems).toEqual([]);
    },
  );

  it("is text in one place and a number in the other if an alias repeats it", () => {
    expect(read("name: &n 12\nlimit: *n\nb: &v 1.0\nversion: *v").value).toEqual({
      name: "12",
      limit: 12,
      b: 1,
      version: "1.0",
    });
  });
});

describe("a tag that Tasker passes over", () => {
  it.each([
    ["!!float 3", 3],
    ['!!float "3.5"', 3.5],
    ["!!binary aGk=", "aGk="],
    ["!!binary 12", "12"],
    ["!!timestamp 2001-12-14", "2001-12-14"],
    ["!!set { b, c: null }", { b: null, c: null }],
    ["!!set\n  ? b\n  ? c", { b: null, c: null }],
    ["!!omap [{ b: 1 }]", [{ b: 1 }]],
    ["!!pairs [b: 1]", [{ b: 1 }]],
  ])("leaves the value as it is, with a warning: %s", (text, value) => {
    const document = read(`a: ${text}`);
    expect(document.value).toEqual({ a: value });
    expect(inShort(document.problems)).toEqual(["warning yaml_tag a"]);
  });
});
