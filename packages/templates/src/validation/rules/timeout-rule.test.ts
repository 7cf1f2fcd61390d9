import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

function found(seconds: string): readonly string[] {
  return inShort(
    problemsOf(`steps: [{ name: a, handler: { callable: h }, timeout_seconds: ${seconds} }]`),
  );
}

describe("the time-out of a step", () => {
  it.each(["", "1", "86400"])("may be %j", (seconds) => {
    expect(found(seconds)).toEqual([]);
  });

  it.each(["0", "-5", "0.5", "1.5", "86401"])("may not be %s", (seconds) => {
    expect(found(seconds)).toEqual(["error timeout_out_of_bounds steps.0.timeout_seconds"]);
  });

  it("is validated as an environment overrides it", () => {
    const lines =
      "steps: [{ name: a, handler: { callable: h }, timeout_seconds: 5 }]\nenvironments: { test: { steps: [{ name: a, timeout_seconds: 0 }] } }";
    expect(inShort(problemsOf(lines, { environment: "test" }))).toEqual([
      "error timeout_out_of_bounds steps.0.timeout_seconds",
    ]);
    expect(problemsOf(lines, { environment: "production" })).toEqual([]);
  });
});
