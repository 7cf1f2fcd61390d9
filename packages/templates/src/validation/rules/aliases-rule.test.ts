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
  it.each([
    "type: batchable, step_type: batchable",
    "dependencies: [], depends_on: []",
    "retry: { limit: 3, max_attempts: 3 }",
    "retry: { limit: 3 }",
  ])("may both be there where they agree: %s", (step) => {
    expect(found(step)).toEqual([]);
  });

  it("may be there in the older word for deferred_convergence, which Tasker refuses", () => {
    expect(found("type: deferred_convergence, step_type: deferred")).toEqual([
      "warning refused_by_tasker steps.0.step_type",
    ]);
  });

  it("are an error where they disagree", () => {
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
