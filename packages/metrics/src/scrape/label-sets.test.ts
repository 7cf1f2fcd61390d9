import { describe, expect, it } from "vitest";
import { LabelSets } from "./label-sets.js";

function createLabelSets(
  limit: number,
  names = ["namespace"],
): { readonly sets: LabelSets; readonly overflows: () => number } {
  let overflows = 0;
  return {
    sets: new LabelSets({ names, limit, onOverflow: () => void (overflows += 1) }),
    overflows: () => overflows,
  };
}

describe("LabelSets", () => {
  it("gives one object for the same values, whenever asked", () => {
    const { sets } = createLabelSets(10);
    expect(sets.of(["orders"])).toEqual({ namespace: "orders" });
    expect(sets.of(["orders"])).toBe(sets.of(["orders"]));
  });

  it("folds what is beyond the limit into __other__ and says so each time, while the first ones keep their place", () => {
    const { sets, overflows } = createLabelSets(2);
    expect(["a", "b", "c", "d", "c", "a"].map((value) => sets.of([value]).namespace)).toEqual([
      "a",
      "b",
      "__other__",
      "__other__",
      "__other__",
      "a",
    ]);
    expect(overflows()).toBe(3);
  });

  it("does not count a value that is named __other__", () => {
    const { sets, overflows } = createLabelSets(1);
    expect(sets.of(["__other__"])).toBe(sets.of(["__other__"]));
    expect(sets.of(["a"]).namespace).toBe("a");
    expect(sets.of(["b"])).toBe(sets.of(["__other__"]));
    expect(overflows()).toBe(1);
  });

  it("keeps sets apart whose values run into each other", () => {
    const { sets } = createLabelSets(10, ["one", "other"]);
    expect(sets.of(["a", "bc"])).not.toBe(sets.of(["ab", "c"]));
    expect(sets.of(["1:a", ""])).not.toBe(sets.of(["", "1:a"]));
  });

  it("treats values that are equal in UTF-8 as one", () => {
    const { sets } = createLabelSets(10);
    expect(sets.of(["\ud800"])).toBe(sets.of(["\udfff"]));
    expect(sets.of(["a\ud800b"])).toEqual({ namespace: "a\ufffdb" });
    expect(sets.of(["\u{1f600}"])).toEqual({ namespace: "\u{1f600}" });
  });

  it("has the one empty set for a family without labels", () => {
    const { sets, overflows } = createLabelSets(1, []);
    expect(sets.of([])).toEqual({});
    expect(overflows()).toBe(0);
  });
});
