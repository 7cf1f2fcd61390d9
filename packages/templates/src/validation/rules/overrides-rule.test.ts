import { describe, expect, it } from "vitest";
import { problemsOf } from "../../test-support/templates.js";

describe("overrides", () => {
  it("warn where they name a step that is not there, in every environment", () => {
    const steps = "steps: [{ name: check, handler: { callable: h } }]\n";
    expect(problemsOf(`${steps}environments: { test: { steps: [{ name: ALL }, { name: chekc }] }, production: { steps: [{ timeout_seconds: 1 }] } }`)).toMatchObject([
      { severity: "warning", code: "unknown_override_step", path: ["environments", "test", "steps", 1, "name"], hint: 'Did you mean "check"?' },
      { severity: "warning", code: "unknown_override_step", path: ["environments", "production", "steps", 0, "name"] },
    ]);
  });
});
