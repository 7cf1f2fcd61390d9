import { expect, it } from "vitest";
import { isNamespace, namespaceRule } from "./namespace-rule.js";

it.each(["a", "cached", "my_cache", "a".repeat(29)])("%s can be a namespace", (name) => {
  expect(isNamespace(name)).toBe(true);
});

it.each(["", "A", "1a", "a-b", "a".repeat(30), "cache", "cache\n", null])(
  "%j cannot be a namespace",
  (name) => {
    expect(isNamespace(name)).toBe(false);
  },
);

it("says in the form of a namespace which name is reserved", () => {
  expect(namespaceRule).toMatch(/; cache is reserved$/);
});
