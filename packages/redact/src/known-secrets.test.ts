import { describe, expect, it } from "vitest";
import { KnownSecrets } from "./known-secrets.js";

const masked = (secret: string, text: string): string =>
  new KnownSecrets([secret]).mask(text).replaceAll("***REDACTED***", "*");

describe("KnownSecrets", () => {
  it.each([
    ["hunter2hunter2", "hunter2hunter2", "*"],
    ["hunter2hunter2", "a hunter2hunter2b hunter2hunter2", "a *b *"],
    ['a"b\\c12345', '{"x":"a\\"b\\\\c12345"}', '{"x":"*"}'],
    ["p@ss/word1", "https://h/?q=p%40ss%2Fword1", "https://h/?q=*"],
    ["hunter2hunter2\n", "it is hunter2hunter2!", "it is *!"],
    ["hunter2hunter2\n", "hunter2hunter2\n", "*"],
    [" \thunter2 hunter2\r\n", '{"x":"hunter2 hunter2"}', '{"x":"*"}'],
  ])("masks %j in %j", (secret, text, expected) => {
    expect(masked(secret, text)).toBe(expected);
  });

  it("treats a password that is a plain word as a secret only if it stands alone", () => {
    expect(masked("elephants", "elephants")).toBe("*");
    expect(masked("elephants", "of elephants, today")).toBe("of *, today");
    expect(masked("elephants", "elephants_eu")).toBe("elephants_eu");
  });

  it("forgets what is under eight characters, a reference to a variable, and the mask", () => {
    expect(masked("short12", "short12")).toBe("short12");
    expect(masked("${API_KEY}", "${API_KEY}")).toBe("${API_KEY}");
    expect(new KnownSecrets(["***REDACTED***"]).empty).toBe(true);
  });

  it("does not learn what is under eight characters without the blanks around it, nor blanks alone", () => {
    expect(masked(" short12\n", "it is short12!")).toBe("it is short12!");
    expect(masked(" ${API_KEY}\n", "${API_KEY}")).toBe("${API_KEY}");
    expect(new KnownSecrets([" \n\n\n      "]).empty).toBe(true);
  });

  it("treats a plain word with blanks around it as a word", () => {
    expect(masked("elephants\n", "elephants_eu, of elephants")).toBe("elephants_eu, of *");
  });

  it("masks the longest of several that begin alike", () => {
    expect(new KnownSecrets(["abcdefgh1", "abcdefgh12345"]).mask("x abcdefgh12345 y")).toBe(
      "x ***REDACTED*** y",
    );
  });
});
