import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText, cutTextToEnd } from "./cut-text.js";

describe("cutText", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abc", 2, "ab"],
    ["abc", 0, ""],
    ["", 0, ""],
    ["a😀b", 4, "a😀b"],
    ["a😀b", 3, "a😀"],
    ["a😀b", 2, "a"],
    ["a😀b", 1, "a"],
    ["😀", 1, ""],
    ["😀😀", 3, "😀"],
    ["é", 1, "é"],
  ])("of %j at %i is %j", (text, most, expected) => {
    expect(cutText(text, most)).toBe(expected);
  });

  it("is a well-formed beginning if the text is well-formed, as long as allowed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, most) => {
        const cut = cutText(text, most);
        expect(cut).not.toMatch(/\p{Surrogate}/u);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, most - 1));
      }),
    );
  });
});

describe("cutTextToEnd", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abc", 2, "bc"],
    ["abc", 0, ""],
    ["", 0, ""],
    ["a😀b", 4, "a😀b"],
    ["a😀b", 3, "😀b"],
    ["a😀b", 2, "b"],
    ["😀", 1, ""],
  ])("of %j at %i is %j", (text, most, expected) => {
    expect(cutTextToEnd(text, most)).toBe(expected);
  });

  it("is a well-formed end if the text is well-formed, as long as allowed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, most) => {
        const cut = cutTextToEnd(text, most);
        expect(cut).not.toMatch(/\p{Surrogate}/u);
        expect(text.endsWith(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, most - 1));
      }),
    );
  });
});
