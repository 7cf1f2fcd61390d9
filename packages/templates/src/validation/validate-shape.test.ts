import { describe, expect, it } from "vitest";
import { definitionOf, fixtures, inShort, refund, templateText } from "../testing/templates.js";
import { readTemplateFile } from "../sources/template-file.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";
import { validateShape } from "./validate-shape.js";

function found(lines: string): readonly string[] {
  return inShort(validateShape(definitionOf(templateText(lines)).definition));
}

describe("the shape of a template", () => {
  it("is right in the package's own files", async () => {
    for (const file of ["refund.yaml", "approval.yml"]) {
      const { problems } = await readTemplateFile(file, {
        absolutePath: `${fixtures}/${file}`,
        limits: defaultYamlLimits,
        registeredAt: "",
      });
      expect(problems).toEqual([]);
    }
  });

  it("has every wrong type reported at once", () => {
    expect(
      found(
        "description: [1]\nsteps:\n  - { name: a, handler: { callable: {} }, dependencies: b, timeout_seconds: soon, type: odd }\n  - text",
      ),
    ).toEqual([
      "error invalid_shape description",
      "error invalid_shape steps.0.type",
      "error invalid_shape steps.0.handler.callable",
      "error invalid_shape steps.0.dependencies",
      "error invalid_shape steps.0.timeout_seconds",
      "error invalid_shape steps.1",
    ]);
  });

  it("reports the mistakes inside an event", () => {
    const events = (event: string): readonly string[] =>
      found(`steps: [{ name: a, handler: { callable: h }, publishes_events: [${event}] }]`);
    expect(events("{ name: paid, condition: sometimes }")).toEqual([
      "error invalid_shape steps.0.publishes_events.0.condition",
    ]);
    expect(events("[]")).toEqual(["error invalid_shape steps.0.publishes_events.0"]);
    expect(events("paid, { name: paid }")).toEqual([]);
  });

  it("advises quotes for a number where a string belongs", () => {
    expect(validateShape({ ...refund, namespace_name: "payments", description: 5 })).toMatchObject([
      { hint: "Put it in quotes." },
    ]);
  });

  it.each([
    ["steps: [{ name: a }]", "handler is missing."],
    ["steps: [{ name: a, handler: { method: m } }]", "callable is missing."],
    ["steps: [{ name: a, handler: { callable: '' } }]", "callable is empty."],
    ["steps: [{ name: a, handler: }]", "handler is empty where a mapping belongs."],
    ["steps: [{ name: [], handler: { callable: h } }]", "name is a list where a string belongs."],
    [
      "steps: [{ name: a, handler: { callable: h }, dependencies: [[b]] }]",
      "dependencies[0] is a list where a string belongs.",
    ],
    [
      "steps: [{ name: a, handler: { callable: h }, type: odd }]",
      "type is not one of standard, decision, deferred_convergence, batchable, batch_worker.",
    ],
    [
      "steps: [{ name: a, handler: { callable: h }, type: 5 }]",
      "type is a number where a string belongs.",
    ],
    [
      "steps: [{ name: a, handler: { callable: h }, publishes_events: [[]] }]",
      "publishes_events[0] is a list where a string or a mapping belongs.",
    ],
    ["input_schema: text", "input_schema is a string where a mapping or true or false belongs."],
    ["steps: text", "steps is a string where a list belongs."],
    ["metadata: true", "metadata is true or false where a mapping belongs."],
  ])("is reported by the field's name and its value's kind: %s", (lines, message) => {
    expect(validateShape(definitionOf(templateText(lines)).definition)).toMatchObject([
      { message },
    ]);
  });

  it("lets null stand wherever a key may be left out", () => {
    expect(
      found(
        "description:\nmetadata:\ninput_schema:\nsteps: [{ name: a, handler: { callable: h, initialization: }, retry: , dependencies: , timeout_seconds: }]\nenvironments:",
      ),
    ).toEqual([]);
  });

  it("never quotes the value", () => {
    expect(
      JSON.stringify(
        validateShape(definitionOf(templateText("steps: sk_live_51Hf9aQ2Lk")).definition),
      ),
    ).not.toContain("sk_live");
  });
});
