import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePercent, parseRequestTarget } from "./request-target.js";

describe("decodePercent", () => {
  it("undoes what encodeURIComponent does", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        (text) => decodePercent(encodeURIComponent(text)) === text,
      ),
    );
  });

  it.each([
    ["a broken escape", "%zz"],
    ["half an escape", "a%2"],
    ["a lone surrogate", "%ED%A0%80"],
    ["an overlong slash", "%C0%AF"],
    ["half a letter", "%C3"],
    ["a raw byte beyond ASCII", "\xfc"],
    ["a raw control character", "\x00"],
  ])("finds %s unreadable", (_what, text) => {
    expect(decodePercent(text)).toBeNull();
  });

  it("reads an encoded NUL, as JSON would", () => {
    expect(decodePercent("%00")).toBe("\0");
  });
});

describe("parseRequestTarget", () => {
  it.each([
    ["/a/b?c=d", { path: "/a/b", query: "c=d" }],
    ["/a", { path: "/a", query: "" }],
    ["/a?b?c", { path: "/a", query: "b?c" }],
    ["http://host:80/a?b", { path: "/a", query: "b" }],
    ["https://host?b", { path: "", query: "b" }],
    ["//http://host/a", { path: "//http://host/a", query: "" }],
  ])("takes %s apart", (target, expected) => {
    expect(parseRequestTarget(target)).toEqual(expected);
  });
});
