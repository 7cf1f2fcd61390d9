import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inexactProblem, parseStepMessage, readBody } from "./step-message.js";

const good = {
  step_id: "step-1",
  template: { namespace: "payments", name: "refund", version: "1.0.0" },
  step_name: "validate",
  input: { amount: 12 },
  enqueued_at: "2025-01-01T00:00:00.000Z",
};

function problemOf(body: unknown): string {
  const parsed = parseStepMessage(body);
  if (!("problem" in parsed)) throw new Error("It was read.");
  return parsed.problem;
}

describe("parseStepMessage", () => {
  it("reads a message of the documented shape", () => {
    expect(parseStepMessage(good)).toEqual({ message: good });
  });

  it("reads a message without input, and one with unknown keys", () => {
    const { input, ...withoutInput } = good;
    expect(input).toBeDefined();
    expect(parseStepMessage({ ...withoutInput, priority: 3 })).toEqual({ message: withoutInput });
  });

  it("names every field that is wrong, and what was expected there", () => {
    const problem = problemOf({
      ...good,
      step_id: 7,
      template: { namespace: "payments", name: null },
      step_name: "",
    });
    expect(problem.split("; ").map((part) => part.split(":")[0])).toEqual([
      "step_id",
      "template.name",
      "template.version",
      "step_name",
    ]);
    expect(problem).toContain("step_id: Invalid input: expected string, received number");
  });

  it.each([
    ["null", null],
    ["a number", 4],
    ["text", "run me"],
    ["a list", [good]],
    ["an empty object", {}],
    ["a template that is a list", { ...good, template: [] }],
    ["a name of a million characters", { ...good, step_name: "x".repeat(1_000_000) }],
    ["an own __proto__", JSON.parse('{"__proto__": {"step_id": "s"}}')],
    ["a thousand levels", JSON.parse(`${'{"template":'.repeat(1_000)}1${"}".repeat(1_000)}`)],
  ])("refuses %s, with a problem of a few lines", (_what, body) => {
    expect(problemOf(body).length).toBeLessThan(1_000);
  });

  it("says nothing of the values it found, nor of the keys that it does not know", () => {
    const secretText = fc.constant("pw-Zk93jf0a");
    const anywhere = fc.oneof(
      secretText,
      fc.record({ deep: secretText }),
      fc.array(secretText, { minLength: 1 }),
      fc.dictionary(secretText, secretText),
    );
    const body = fc.record(
      {
        step_id: fc.oneof(secretText, fc.constant(1)),
        template: anywhere,
        step_name: anywhere,
        input: anywhere,
        enqueued_at: anywhere,
        "pw-Zk93jf0a": secretText,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(body, (hostile) => {
        const parsed = parseStepMessage(hostile);
        if ("problem" in parsed) expect(parsed.problem).not.toContain("pw-Zk93jf0a");
      }),
    );
  });

  it("never throws, whatever JSON lies on the queue", () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => void parseStepMessage(body)));
  });
});

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
      `JavaScript cannot represent the number at ${path} exactly: send it as text.`,
    );
  });

  it("names the places in headers, and the first five of many", () => {
    const numbers = Array(9).fill("9007199254740993").join();
    const claim = readBody(textOf(`[${numbers}]`), '{"x-pgmq-group":9007199254740993}');
    expect(claim.inexact).toHaveLength(10);
    expect(inexactProblem(claim)).toBe(
      "JavaScript cannot represent the number at input[0], input[1], input[2], input[3], input[4] and more exactly: send it as text.",
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
