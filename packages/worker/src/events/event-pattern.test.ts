import { describe, expect, it } from "vitest";
import { compilePattern } from "./event-pattern.js";

describe("an event pattern", () => {
  it.each([
    ["payment.processed", "payment.processed", true],
    ["payment.processed", "payment.processed.twice", false],
    ["payment.*", "payment.processed", true],
    ["payment.*", "payment.card.charged", true],
    ["payment.*", "payment", false],
    ["payment.*", "payments.processed", false],
    ["*", "anything.at.all", true],
  ])("%s against %s: %s", (pattern, eventName, matches) => {
    expect(compilePattern(pattern)(eventName)).toBe(matches);
  });

  it.each(["", "pay*", "*.processed", "payment.", ".*", "a b", null, undefined, 5, {}])(
    "%j is refused, with what to write instead",
    (pattern) => {
      expect(() => compilePattern(pattern as never)).toThrow(/use a name .* a prefix .* or \*/);
    },
  );
});
