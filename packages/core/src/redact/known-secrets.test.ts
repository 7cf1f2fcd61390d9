import { describe, expect, it } from "vitest";
import { KnownSecrets } from "./known-secrets.js";

const masked = (secret: string, text: string): string => new KnownSecrets([secret]).mask(text).replaceAll("***REDACTED***", "*");

describe("KnownSecrets", () => {
  it.each([
    ["hunter2hunter2", "hunter2hunter2", "*"],
    ["hunter2hunter2", "a hunter2hunter2b hunter2hunter2", "a *b *"],
    ["a\"b\\c12345", '{"x":"a\\"b\\\\c12345"}', '{"x":"*"}'],
    ["p@ss/word1", "https://h/?q=p%40ss%2Fword1", "https://h/?q=*"],
  ])("masks %j in %j", (secret, text, expected) => {
    expect(masked(secret, text)).toBe(expected);
  });

  it("takes a password that is a plain word for a secret only where it stands alone", () => {
    expect(masked("production", "production")).toBe("*");
    expect(masked("production", "in production, today")).toBe("in *, today");
    expect(masked("production", "tasker_production")).toBe("tasker_production");
  });

  it("forgets what is under eight characters, a reference to a variable, and the mask", () => {
    expect(masked("short12", "short12")).toBe("short12");
    expect(masked("${API_KEY}", "${API_KEY}")).toBe("${API_KEY}");
    expect(new KnownSecrets(["***REDACTED***"]).empty).toBe(true);
  });

  it("masks the longest of several that begin alike", () => {
    expect(new KnownSecrets(["abcdefgh1", "abcdefgh12345"]).mask("x abcdefgh12345 y")).toBe("x ***REDACTED*** y");
  });
});
