import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

function found(retry: string): readonly string[] {
  return inShort(problemsOf(`steps: [{ name: a, handler: { callable: h }, retry: { ${retry} } }]`));
}

describe("retry", () => {
  it.each([
    "",
    "max_attempts: 0",
    "limit: 1",
    "backoff_base_ms: 10, max_backoff_ms: 10",
    "max_attempts: 1000, backoff_base_ms: 0, max_backoff_ms: 86400000",
  ])("may be { %s }", (retry) => {
    expect(found(retry)).toEqual([]);
  });

  it.each([
    ["max_attempts: -1", "max_attempts"],
    ["limit: 1.5", "max_attempts"],
    ["max_attempts: 1001", "max_attempts"],
    ["backoff_base_ms: -1", "backoff_base_ms"],
    ["max_backoff_ms: 86400001", "max_backoff_ms"],
  ])("may not be { %s }", (retry, key) => {
    expect(found(retry)).toEqual([`error retry_out_of_bounds steps.0.retry.${key}`]);
  });

  it("warns if the longest wait is shorter than the first", () => {
    expect(found("backoff_base_ms: 1000, max_backoff_ms: 10")).toEqual([
      "warning retry_out_of_bounds steps.0.retry.max_backoff_ms",
    ]);
  });

  it("leaves what is no number to the shape", () => {
    expect(found("max_attempts: many")).toEqual(["error invalid_shape steps.0.retry.max_attempts"]);
  });
});
