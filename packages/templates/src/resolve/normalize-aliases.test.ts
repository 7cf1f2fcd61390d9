import { describe, expect, it } from "vitest";
import { normalizeAliases } from "./normalize-aliases.js";

describe("normalizeAliases", () => {
  it("adds the current key beside the written alias", () => {
    const step = {
      name: "a",
      step_type: "deferred",
      depends_on: ["b"],
      retry: { limit: 2, backoff: "none" },
    };
    expect(normalizeAliases({ steps: [step] })).toEqual({
      steps: [
        {
          ...step,
          type: "deferred_convergence",
          dependencies: ["b"],
          retry: { limit: 2, backoff: "none", max_attempts: 2 },
        },
      ],
    });
  });

  it("does the same in the overrides of every environment", () => {
    const template = {
      environments: { test: { steps: [{ name: "ALL", retry: { limit: 1 } }] }, broken: 5 },
    };
    expect(normalizeAliases(template)).toEqual({
      environments: {
        test: { steps: [{ name: "ALL", retry: { limit: 1, max_attempts: 1 } }] },
        broken: 5,
      },
    });
  });

  it("lets the key itself win, unless it is null", () => {
    expect(
      normalizeAliases({
        steps: [{ type: "decision", step_type: "standard", dependencies: null, depends_on: ["a"] }],
      }),
    ).toMatchObject({
      steps: [{ type: "decision", step_type: "standard", dependencies: ["a"], depends_on: ["a"] }],
    });
  });

  it("understands `deferred` under `type` too", () => {
    expect(normalizeAliases({ steps: [{ type: "deferred" }] })).toEqual({
      steps: [{ type: "deferred_convergence" }],
    });
  });

  it("adds no key where nothing was written", () => {
    const template = { steps: [{ name: "a", retry: { backoff: "none" }, dependencies: null }] };
    expect(normalizeAliases(template)).toEqual(template);
  });

  it.each([
    { steps: 5 },
    { steps: [null, 1, "x"] },
    { environments: [] },
    { steps: [{ retry: [] }] },
  ])("leaves what it cannot read as it is: %j", (template) => {
    expect(normalizeAliases(template)).toEqual(template);
  });
});
