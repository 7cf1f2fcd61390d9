import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

function found(step: string): readonly string[] {
  return inShort(
    problemsOf(
      `steps: [{ name: a, handler: { callable: h }, ${step} }, { name: b, handler: { callable: h }, dependencies: [a] }]`,
    ),
  );
}

describe("a key and its other spelling", () => {
  it.each(["retry: { limit: 3, max_attempts: 3 }", "retry: { limit: 3 }"])(
    "may both be there if they agree: %s",
    (step) => {
      expect(found(step)).toEqual([]);
    },
  );

  it.each([
    ["type: batchable, step_type: batchable", "step_type"],
    ["dependencies: [], depends_on: []", "depends_on"],
    ["dependencies: [], depends_on: null", "depends_on"],
  ])("are a warning if Tasker refuses to read one key twice: %s", (step, key) => {
    expect(found(step)).toEqual([`warning refused_by_tasker steps.0.${key}`]);
  });

  it("are a warning in a word that Tasker does not have", () => {
    expect(problemsOf("steps: [{ name: a, handler: { callable: h }, type: deferred }]")).toEqual([
      expect.objectContaining({
        severity: "warning",
        code: "refused_by_tasker",
        path: ["steps", 0, "type"],
        hint: "Write deferred_convergence.",
      }),
    ]);
  });

  it("may be there in the older word for deferred_convergence, which Tasker refuses", () => {
    expect(found("type: deferred_convergence, step_type: deferred")).toEqual([
      "warning refused_by_tasker steps.0.step_type",
    ]);
  });

  it("are an error if they disagree", () => {
    expect(
      found(
        "type: standard, step_type: decision, depends_on: [b], dependencies: [], retry: { limit: 2, max_attempts: 3 }",
      ),
    ).toEqual([
      "error alias_conflict steps.0.step_type",
      "error alias_conflict steps.0.depends_on",
      "error alias_conflict steps.0.retry.limit",
    ]);
  });
});
