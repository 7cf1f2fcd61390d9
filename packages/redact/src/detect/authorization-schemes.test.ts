import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findAuthorizationSchemes } from "./authorization-schemes.js";

const mask = (text: string): string =>
  maskFindings(text, findAuthorizationSchemes(text)).replaceAll("***REDACTED***", "*");

describe("findAuthorizationSchemes", () => {
  it.each([
    ["Bearer x", "Bearer *"],
    ["sent bearer abc.def-1, got 401", "sent bearer *, got 401"],
    ["Basic eDp5", "Basic *"],
    ['curl -H "X-Auth: BEARER abc"', 'curl -H "X-Auth: BEARER *"'],
  ])("masks the credentials in %s", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each([
    "bearer",
    "Bearer token",
    "a bearer token is required",
    "Bearer <token>",
    'Bearer realm="x"',
    "Basic plan",
    "basic usage",
    "forbearer abc",
  ])("leaves %s alone", (text) => {
    expect(findAuthorizationSchemes(text)).toEqual([]);
  });

  it("names the password of basic credentials", () => {
    expect(findAuthorizationSchemes(`Basic ${btoa("user:hunter2!")}`)[0]?.secrets).toContain(
      "hunter2!",
    );
  });
});
