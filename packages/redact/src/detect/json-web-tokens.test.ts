import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findJsonWebTokens } from "./json-web-tokens.js";

const mask = (text: string): string =>
  maskFindings(text, findJsonWebTokens(text)).replaceAll("***REDACTED***", "*");
const token = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl"].join(".");

describe("findJsonWebTokens", () => {
  it.each([
    [`jwt ${token} end`, "jwt * end"],
    [`"${token}"`, '"*"'],
    [`prefix${token}`, "prefix*"],
    [token.slice(0, token.lastIndexOf(".") + 1), "*"],
  ])("masks the token in %s", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each(["eyJ", "eyJhbGciOiJIUzI1NiJ9", "keyJack.sparrow", "a.b.c"])(
    "leaves %s alone",
    (text) => {
      expect(findJsonWebTokens(text)).toEqual([]);
    },
  );
});
