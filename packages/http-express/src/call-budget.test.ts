import { describe, expect, it } from "vitest";
import { budgetWithin } from "./call-budget.js";

describe("budgetWithin", () => {
  it.each([
    ["1", 900],
    ["0.05", 45],
    ["10", 9_500],
    ["60", 30_000],
    ["0.0001", 1],
  ])(
    "of %s s is %d ms: a little less than the caller waits, at most the configured budget",
    (seconds, budgetMs) => {
      expect(budgetWithin(seconds, 30_000)).toBe(budgetMs);
    },
  );

  it.each([
    undefined,
    "",
    "0",
    "0.0",
    "-1",
    "1e3",
    "NaN",
    "Infinity",
    "10, 10",
    "9".repeat(400),
    ["1", "2"],
  ])("takes %j for silence", (seconds) => {
    expect(budgetWithin(seconds, 30_000)).toBe(30_000);
  });
});
