import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InexactNumberError, isExactNumber, parseExactJson, toExactJson } from "./exact-numbers.js";
import { formatPath } from "@tasker-observability/redact";

const inexactIn = (json: string): readonly string[] =>
  parseExactJson(json).inexact.map(({ path }) => formatPath(path));

describe("a decimal number is kept", () => {
  it.each([
    "0",
    "-0",
    "0.000",
    "0e999999999",
    "1.50",
    "0.1",
    "+5",
    ".5",
    "5.",
    "9007199254740991",
    "9007199254740992",
    "-9007199254740994",
    "1e22",
    "10000000000000000000000",
    "0.30000000000000004",
    "1.7976931348623157e308",
    "5e-324",
    "1.000000000000000000000000000000",
  ])("%s", (literal) => {
    expect(isExactNumber(literal)).toBe(true);
  });
});

describe("a decimal number is not kept", () => {
  it.each([
    "9007199254740993",
    "-9007199254740993",
    "12345678901234567890",
    "0.1000000000000000055",
    "3.141592653589793238",
    "123456789.123456789",
    "1e400",
    "-1e400",
    "1e-400",
    "1.2345678e-320",
    "1e99999999999999999999",
    "1.7976931348623159e308",
    "",
    ".",
    "e5",
    "0x10",
    "text",
  ])("%j", (literal) => {
    expect(isExactNumber(literal)).toBe(false);
  });
});

it("every printed double is exact, and none with one digit more", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(isExactNumber(String(number))).toBe(true);
      expect(inexactIn(`[${JSON.stringify(number)}]`)).toEqual([]);
    }),
  );
  fc.assert(
    fc.property(fc.bigInt({ min: 10n ** 16n, max: 10n ** 40n }), (integer) => {
      expect(isExactNumber(String(integer))).toBe(
        printedInFull(Number(integer)) === String(integer),
      );
    }),
  );
});

/** A double as JavaScript prints it, with the zeros that `1e+40` leaves out. */
function printedInFull(number: number): string {
  return String(number).replace(
    /^(\d)\.?(\d*)e\+(\d+)$/,
    (_whole, first: string, rest: string, exponent: string) =>
      first + rest.padEnd(Number(exponent), "0"),
  );
}

describe("parseExactJson", () => {
  it.each([
    ["12345678901234567890", [""]],
    ['{"a": {"b": [1, 9007199254740993]}, "c": 1e400}', ["a.b[1]", "c"]],
    ['[[],[{}],{"x":[{"y":[0,-12345678901234567890]}]}]', ["[2].x[0].y[1]"]],
    ['{"a": "9007199254740993", "b\\"\\\\": 9007199254740993}', ['["b\\"\\\\"]']],
    ['{"9007199254740993": 1}', []],
    ['{"a": "x, 9007199254740993, {[", "b": [true, null, 0.10000000000000000001]}', ["b[2]"]],
    ['{"text\\\\": "\\\\", "n": 1.234567890123456789}', ["n"]],
    [' { "a" : 1 , "b" : [ 1e-400 ] } ', ["b[0]"]],
    ['{"__proto__": 9007199254740993}', ["__proto__"]],
    ['[0.5, 1e10, 9007199254740991, "1e400"]', []],
  ])("lists the numbers of %s that lose digits", (json, paths) => {
    expect(inexactIn(json)).toEqual(paths);
  });

  it("returns each number as it is written", () => {
    expect(parseExactJson('{"a":[-1.50E+400]}').inexact).toEqual([
      { path: ["a", 0], literal: "-1.50E+400" },
    ]);
  });

  it("gives the value as JSON.parse does", () => {
    expect(parseExactJson('{"a":[1,"x",null]}')).toEqual({
      value: { a: [1, "x", null] },
      inexact: [],
    });
    expect(() => parseExactJson("{")).toThrow(SyntaxError);
  });

  it("finds exactly the numbers of any JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(5), (json, at) => {
        const others = Array.from({ length: at }, () => json);
        const text = `{"o":[${[...others, '{"k":9007199254740993}', json].join(",")}]}`;
        const own = inexactIn(`[${json}]`).length;
        expect(inexactIn(text).filter((path) => path === `o[${at}].k`)).toHaveLength(1);
        expect(inexactIn(text)).toHaveLength(1 + own * (at + 1));
      }),
    );
  });

  it("lists all of them", () => {
    expect(inexactIn(`[${Array(1_000).fill("9007199254740993").join()}]`)).toHaveLength(1_000);
  });

  it("walks a large text with strings full of quotes in time that grows with it alone", () => {
    const text = JSON.stringify({ a: '\\"'.repeat(200_000), b: "\\".repeat(200_000) });
    expect(inexactIn(`{"n":9007199254740993,"t":${text}}`)).toEqual(["n"]);
  });
});

describe("toExactJson", () => {
  it.each([
    [
      { a: { b: [1, 10n] } },
      "input.a.b[1] is a BigInt, which JSON cannot represent: pass it as a string.",
    ],
    [Number.NaN, "input is NaN, which JSON cannot represent: pass it as a string."],
    [[-Infinity], "input[0] is -Infinity, which JSON cannot represent: pass it as a string."],
    [
      { toJSON: () => ({ inner: Infinity }) },
      "input.inner is Infinity, which JSON cannot represent: pass it as a string.",
    ],
  ])("rejects a number that JSON would change: %#", (value, message) => {
    expect(() => toExactJson(value, "input")).toThrow(new InexactNumberError(message));
  });

  it("writes everything else as JSON.stringify does, and nothing as null", () => {
    const value = { a: [1, "x", null, undefined], d: new Date(0), u: undefined };
    expect(toExactJson(value, "input")).toBe(JSON.stringify(value));
    expect(toExactJson(undefined, "input")).toBe("null");
  });
});
