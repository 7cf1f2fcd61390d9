import { describe, expect, it } from "vitest";
import { problemsOf } from "../../testing/templates.js";

const handler = "handler: { callable: h }";

describe("a cycle of dependencies", () => {
  it("is named in order, at its first step", () => {
    expect(
      problemsOf(
        `steps: [{ name: a, ${handler} }, { name: b, dependencies: [d], ${handler} }, { name: c, dependencies: [a, b], ${handler} }, { name: d, dependencies: [c], ${handler} }]`,
      ),
    ).toMatchObject([
      {
        severity: "error",
        code: "dependency_cycle",
        path: ["steps", 1, "dependencies"],
        message: "Steps wait for each other: b → d → c → b.",
      },
    ]);
  });

  it("is cut if it is long", () => {
    const steps = Array.from(
      { length: 3_000 },
      (_, index) => `{ name: s${index}, dependencies: [s${(index + 1) % 3_000}], ${handler} }`,
    );
    const names = Array.from({ length: 10 }, (_, index) => `s${index}`).join(" → ");
    expect(problemsOf(`steps: [${steps.join(", ")}]`)).toMatchObject([
      {
        code: "dependency_cycle",
        message: `Steps wait for each other: ${names} → 2990 more → s0.`,
      },
    ]);
  });

  it("of one step is said plainly", () => {
    expect(problemsOf(`steps: [{ name: a, dependencies: [a], ${handler} }]`)).toMatchObject([
      { code: "dependency_cycle", message: 'The step "a" depends on itself.' },
    ]);
  });
});
