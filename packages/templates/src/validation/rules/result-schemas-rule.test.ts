import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const found = (schema: string): readonly string[] =>
  inShort(problemsOf(`steps: [{ name: a, handler: { callable: h }, result_schema: ${schema} }]`));

describe("the schema of a step's result", () => {
  it.each(["true", "false", "null", "{}", "{ type: object, required: [token] }"])(
    "may be %s",
    (schema) => {
      expect(found(schema)).toEqual([]);
    },
  );

  it.each([
    ["{ type: objekt }", ".type"],
    ["text", ""],
    ["[]", ""],
    ["5", ""],
  ])("has a warning if it is no JSON Schema, and the template is used: %s", (schema, path) => {
    expect(found(schema)).toEqual([`warning invalid_result_schema steps.0.result_schema${path}`]);
  });
});
