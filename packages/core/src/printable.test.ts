import { expect, it } from "vitest";
import { toPrintable, toPrintableJson } from "./printable.js";

it.each([
  ["\u001b[2J", "\\u{1b}[2J"],
  ["a\nb\r\tc", "a\\u{a}b\\u{d}\\u{9}c"],
  ["\u009b1A\u007f", "\\u{9b}1A\\u{7f}"],
  ["x\u202ey\u2066z", "x\\u{202e}y\\u{2066}z"],
  ["\u2028\u2029\ufeff", "\\u{2028}\\u{2029}\\u{feff}"],
  ["\u{e0001}", "\\u{e0001}"],
  ["Ключ, 鍵, é, 😀 and \\u001b", "Ключ, 鍵, é, 😀 and \\u001b"],
])("%j is printed as %s", (text, printed) => {
  expect(toPrintable(text)).toBe(printed);
});

it.each([
  "\u009b1A\u007f",
  "x\u202ey\u2066z",
  "\u2028\u2029\ufeff",
  "\u{e0001}",
  "a\nb\u001b",
  "Ключ, 鍵, é, 😀",
])("%j in JSON keeps its value without control characters for a terminal", (text) => {
  const printed = toPrintableJson(JSON.stringify([text], null, 2));
  expect(JSON.parse(printed)).toEqual([text]);
  expect(printed).toMatch(/^\[\n {2}"[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*"\n\]$/u);
});
