import { describe, expect, it } from "vitest";
import { inexactProblem, readBody } from "./step-message.js";

describe("readBody", () => {
  const textOf = (input: string, more = ""): string => `{"step_id":"s","input":${input}${more}}`;

  it.each([
    ["an id of 19 digits", textOf('{"order":{"ids":[1,9007199254740993]}}'), "input.order.ids[1]"],
    ["a number as input", textOf("12345678901234567890"), "input"],
    ["a decimal of 20 digits", textOf('{"rate":0.12345678901234567890}'), "input.rate"],
    ["what is larger than any double", textOf(`{"huge":1${"0".repeat(400)}}`), "input.huge"],
    ["what is smaller than any double", textOf(`{"tiny":0.${"0".repeat(400)}1}`), "input.tiny"],
  ])("names the place of %s", (_what, message, path) => {
    const claim = readBody(message, null);
    expect(claim.inexact).toEqual([path]);
    expect(inexactProblem(claim)).toBe(
      `JavaScript cannot represent the number at ${path} exactly: send it as a string.`,
    );
  });

  it("names the places in headers, and the first five of many", () => {
    const numbers = Array(9).fill("9007199254740993").join();
    const claim = readBody(textOf(`[${numbers}]`), '{"x-pgmq-group":9007199254740993}');
    expect(claim.inexact).toHaveLength(10);
    expect(inexactProblem(claim)).toBe(
      "JavaScript cannot represent the number at input[0], input[1], input[2], input[3], input[4] and more exactly: send it as a string.",
    );
    expect(readBody(textOf("1"), '{"x-pgmq-group":9007199254740993}').inexact).toEqual([
      "headers.x-pgmq-group",
    ]);
  });

  it("overlooks no place for those that no handler sees", () => {
    const others = Array(500).fill("9007199254740993").join();
    expect(readBody(`{"a":[${others}],"input":9007199254740993}`, null).inexact).toEqual(["input"]);
  });

  it("has nothing against numbers that are kept, long texts of digits, and keys of no handler's", () => {
    const kept = textOf(
      '{"a":9007199254740991,"b":"12345678901234567890","c":1.5}',
      ',"id":9007199254740993',
    );
    expect(inexactProblem(readBody(kept, '{"traceparent":"00-1"}'))).toBeNull();
  });

  it.each([
    [null, null],
    ["null", null],
    ["[1]", [1]],
    ['{"a":1}', { a: 1 }],
  ])("reads headers %j as %j", (headers, expected) => {
    expect(readBody("{}", headers)).toEqual({ body: {}, headers: expected, inexact: [] });
  });
});
