import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const handler = "handler: { callable: h }";

describe("a step that can never run", () => {
  it("is reported with its cause", () => {
    const problems = problemsOf(
      `steps: [{ name: a, dependencies: [b], ${handler} }, { name: b, dependencies: [a], ${handler} }, { name: after, dependencies: [b], ${handler} }]`,
    );
    expect(inShort(problems)).toEqual([
      "error dependency_cycle steps.0.dependencies",
      "error unreachable_step steps.2.dependencies",
    ]);
    expect(problems[1]?.message).toBe(
      'The step "after" can never run: it depends on "b", which never does.',
    );
  });

  it("is reported after a dependency that is missing", () => {
    expect(
      inShort(
        problemsOf(
          `steps: [{ name: a, dependencies: [gone], ${handler} }, { name: b, dependencies: [a], ${handler} }]`,
        ),
      ),
    ).toEqual([
      "error unknown_dependency steps.0.dependencies.0",
      "error unreachable_step steps.1.dependencies",
    ]);
  });
});
