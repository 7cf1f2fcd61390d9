import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const handler = "handler: { callable: h }";

describe("dependencies", () => {
  it("name steps that are there, before or after", () => {
    expect(
      problemsOf(`steps: [{ name: a, dependencies: [b], ${handler} }, { name: b, ${handler} }]`),
    ).toEqual([]);
  });

  it("on missing steps are all reported, with the name that may be meant", () => {
    expect(
      problemsOf(
        `steps: [{ name: validate, ${handler} }, { name: pay, depends_on: [vaildate, shipping], ${handler} }]`,
      ),
    ).toMatchObject([
      {
        severity: "error",
        code: "unknown_dependency",
        path: ["steps", 1, "dependencies", 0],
        message: 'The step "pay" depends on "vaildate", but no step has that name.',
        hint: 'Did you mean "validate"?',
      },
      { code: "unknown_dependency", path: ["steps", 1, "dependencies", 1], hint: null },
    ]);
  });

  it("listed twice are a warning", () => {
    expect(
      inShort(
        problemsOf(
          `steps: [{ name: a, ${handler} }, { name: b, dependencies: [a, a], ${handler} }]`,
        ),
      ),
    ).toEqual(["warning duplicate_dependency steps.1.dependencies.1"]);
  });

  it("do not find what every object inherits", () => {
    expect(
      inShort(
        problemsOf(`steps: [{ name: a, dependencies: [constructor, toString], ${handler} }]`),
      ),
    ).toHaveLength(2);
  });
});
