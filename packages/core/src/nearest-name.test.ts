import { describe, expect, it } from "vitest";
import { didYouMean } from "./nearest-name.js";

describe("didYouMean", () => {
  it.each([
    ["vaildate", ["validate", "value"], "validate"],
    ["Check", ["check"], "check"],
    ["payments.refnud", ["payments.refund", "payments.reserve"], "payments.refund"],
  ])("for %s", (name, candidates, expected) => {
    expect(didYouMean(name, candidates)).toBe(`Did you mean "${expected}"?`);
  });

  it("suggests nothing when no name is close", () => {
    expect(didYouMean("ship", ["validate", "pay"])).toBeUndefined();
    expect(didYouMean("a", [])).toBeUndefined();
  });

  it("does not compare names of hostile length or number", () => {
    expect(didYouMean("a".repeat(1_000_000), ["a"])).toBeUndefined();
    expect(
      didYouMean(
        "check",
        Array.from({ length: 2_000 }, (_, index) => (index === 1_999 ? "chekc" : "x".repeat(60))),
      ),
    ).toBeUndefined();
  });
});
