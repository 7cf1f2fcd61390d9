import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json.js";
import { deepMerge } from "./deep-merge.js";

describe("deepMerge", () => {
  it("merges mappings key by key and replaces everything else", () => {
    const base = { a: { x: 1, y: { z: 1 } }, list: [1, 2], text: "old" };
    expect(
      deepMerge(base, { a: { y: { w: 2 } }, list: [3], text: { now: "a mapping" }, added: true }),
    ).toEqual({
      a: { x: 1, y: { z: 1, w: 2 } },
      list: [3],
      text: { now: "a mapping" },
      added: true,
    });
  });

  it("overrides nothing with null", () => {
    expect(deepMerge({ a: 1, b: { c: 2 } }, { a: null, b: { c: null, d: null } })).toEqual({
      a: 1,
      b: { c: 2 },
    });
  });

  it("does not mistake what every object inherits for what the base has", () => {
    expect(deepMerge({}, { constructor: { name: "x" }, toString: { a: 1 } })).toEqual({
      constructor: { name: "x" },
      toString: { a: 1 },
    });
  });

  it("changes neither side, and freezes the result", () => {
    const base = { a: { b: 1 } };
    const merged = deepMerge(base, { a: { b: 2 } });
    expect(base).toEqual({ a: { b: 1 } });
    expect([merged, merged.a].every((each) => Object.isFrozen(each))).toBe(true);
  });

  it("keeps every key of the base", () => {
    const objects = fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      fc.jsonValue({ maxDepth: 3 }),
    ) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(objects, objects, (base, override) =>
        Object.keys(base).every((key) => Object.hasOwn(deepMerge(base, override), key)),
      ),
    );
  });
});
