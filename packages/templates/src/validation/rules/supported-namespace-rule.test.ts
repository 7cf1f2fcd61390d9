import { describe, expect, it } from "vitest";
import { problemsOf } from "../../testing/templates.js";

const lines = "steps: [{ name: a, handler: { callable: h } }]";

describe("the namespace", () => {
  it("may be any if the worker serves all, and one of those it serves", () => {
    expect(problemsOf(lines)).toEqual([]);
    expect(problemsOf(lines, { supportedNamespaces: ["orders", "payments"] })).toEqual([]);
  });

  it("is an error if this worker does not serve it, with the one that may be meant", () => {
    expect(problemsOf(lines, { supportedNamespaces: ["payment", "orders"] })).toMatchObject([
      {
        severity: "error",
        code: "unsupported_namespace",
        path: ["namespace_name"],
        hint: 'Did you mean "payment"?',
      },
    ]);
  });
});
