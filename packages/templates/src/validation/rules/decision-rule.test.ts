import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const handler = "handler: { callable: h }";

describe("a decision", () => {
  it("has steps to choose from", () => {
    expect(
      problemsOf(
        `steps: [{ name: a, type: decision, ${handler} }, { name: b, dependencies: [a], ${handler} }]`,
      ),
    ).toEqual([]);
  });

  it("is an error where no step depends on it", () => {
    expect(
      inShort(
        problemsOf(
          `steps: [{ name: a, ${handler} }, { name: b, type: decision, dependencies: [a], ${handler} }]`,
        ),
      ),
    ).toEqual(["error decision_without_outcomes steps.1.type"]);
  });
});
