import { expect, it } from "vitest";
import { groupBy } from "./group-by.js";

it("groupBy keeps the order of keys and of items, and makes no empty group", () => {
  const groups = groupBy([3, 1, 4, 1, 5], (digit) => (digit % 2 === 0 ? "even" : "odd"));
  expect([...groups]).toEqual([
    ["odd", [3, 1, 1, 5]],
    ["even", [4]],
  ]);
  expect(groupBy([], () => "key").size).toBe(0);
});
