import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const handler = "handler: { callable: h }";

describe("the names of steps", () => {
  it.each(["", "steps: []", "steps:"])("are missed if there are no steps: %j", (lines) => {
    expect(inShort(problemsOf(lines))).toEqual(["error no_steps steps"]);
  });

  it("are missed step by step, once each", () => {
    expect(
      inShort(
        problemsOf(`steps: [{ ${handler} }, { name: "", ${handler} }, { name: [5], ${handler} }]`),
      ),
    ).toEqual([
      "error invalid_shape steps.2.name",
      "error missing_step_name steps.0.name",
      "error missing_step_name steps.1.name",
    ]);
  });

  it("are reported if they come back", () => {
    expect(
      inShort(
        problemsOf(
          `steps: [{ name: a, ${handler} }, { name: b, ${handler} }, { name: a, ${handler} }, { name: a, ${handler} }]`,
        ),
      ),
    ).toEqual(["error duplicate_step_name steps.2.name", "error duplicate_step_name steps.3.name"]);
  });

  it("do not include the name that means all steps", () => {
    expect(inShort(problemsOf(`steps: [{ name: ALL, ${handler} }]`))).toEqual([
      "error reserved_step_name steps.0.name",
    ]);
  });
});
