import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

describe("the input schema", () => {
  it("is an error where it is no JSON Schema, at the place", () => {
    const lines =
      "input_schema: { type: object, properties: { amount: { type: nubmer } } }\nsteps: [{ name: a, handler: { callable: h } }]";
    expect(inShort(problemsOf(lines))).toEqual([
      "error invalid_input_schema input_schema.properties.amount.type",
    ]);
  });

  it.each(["true", "false"])("may be %s", (schema) => {
    expect(
      problemsOf(`input_schema: ${schema}\nsteps: [{ name: a, handler: { callable: h } }]`),
    ).toEqual([]);
  });
});
