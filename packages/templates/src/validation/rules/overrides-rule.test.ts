import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

describe("overrides", () => {
  it("warn if they name a missing step, in every environment", () => {
    const steps = "steps: [{ name: check, handler: { callable: h } }]\n";
    expect(
      problemsOf(
        `${steps}environments: { test: { steps: [{ name: ALL }, { name: chekc }] }, production: { steps: [{ timeout_seconds: 1 }] } }`,
      ),
    ).toMatchObject([
      {
        severity: "warning",
        code: "unknown_override_step",
        path: ["environments", "test", "steps", 1, "name"],
        hint: 'Did you mean "check"?',
      },
      {
        severity: "warning",
        code: "unknown_override_step",
        path: ["environments", "production", "steps", 0, "name"],
      },
    ]);
  });

  it("warn if they change a task handler that the template lacks", () => {
    const steps = "steps: [{ name: check, handler: { callable: h } }]\n";
    const override = "environments: { test: { task_handler: { callable: x } } }";
    expect(inShort(problemsOf(`${steps}${override}`))).toEqual([
      "warning fixed_override_key environments.test.task_handler",
    ]);
    expect(problemsOf(`task_handler: { callable: h }\n${steps}${override}`)).toEqual([]);
  });

  it("are mappings with a list of steps, and cannot rename a template", () => {
    const steps = "steps: [{ name: check, handler: { callable: h } }]\n";
    const environments =
      "{ a: , b: 7, c: [1], d: { steps: 7 }, e: { steps: }, f: { name: other, namespace_name: zz, version: 7, environments: {} } }";
    expect(inShort(problemsOf(`${steps}environments: ${environments}`))).toEqual([
      "error invalid_override environments.b",
      "error invalid_override environments.c",
      "error invalid_override environments.d.steps",
      "warning fixed_override_key environments.f.name",
      "warning fixed_override_key environments.f.namespace_name",
      "warning fixed_override_key environments.f.version",
      "warning fixed_override_key environments.f.environments",
      "warning refused_by_tasker environments.a",
      "warning refused_by_tasker environments.e.steps",
    ]);
  });
});
