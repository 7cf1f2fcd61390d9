import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const handler = "handler: { callable: h }";

const receive = `{ name: receive, ${handler} }`;

describe("a decision", () => {
  it("comes after a step, and has steps to choose from", () => {
    expect(
      problemsOf(
        `steps: [${receive}, { name: a, type: decision, dependencies: [receive], ${handler} }, { name: b, dependencies: [a], ${handler} }]`,
      ),
    ).toEqual([]);
  });

  it("has a warning where no step depends on it", () => {
    expect(
      inShort(
        problemsOf(
          `steps: [${receive}, { name: b, type: decision, dependencies: [receive], ${handler} }]`,
        ),
      ),
    ).toEqual(["warning decision_without_outcomes steps.1.type"]);
  });

  it.each(["", "dependencies: [], "])("is an error if it depends on no step: %s", (none) => {
    expect(
      inShort(
        problemsOf(
          `steps: [{ name: a, type: decision, ${none}${handler} }, { name: b, dependencies: [a], ${handler} }]`,
        ),
      ),
    ).toEqual(["error decision_without_dependencies steps.0.dependencies"]);
  });
});
