import { describe, expect, it } from "vitest";
import { read } from "../testing/read-yaml.js";

describe("a number in YAML", () => {
  it.each([
    "12345678901234567890",
    "9007199254740993",
    "0.1234567890123456789",
    "0xFFFFFFFFFFFFFFFF",
    "1e400",
    "-1e-400",
  ])("has a warning where it is not kept exactly: %s", (number) => {
    const { problems, value } = read(`a: [${number}]\nb: 9007199254740991`);
    expect(problems).toMatchObject([
      {
        severity: "warning",
        code: "inexact_number",
        path: ["a", 0],
        position: { line: 1, column: 5 },
        hint: "Put it in quotes.",
      },
    ]);
    expect(value).toMatchObject({ b: 9_007_199_254_740_991 });
  });

  it.each(["9007199254740992", "1e22", "0.1", "1.50", "-0", "0xFF", "0o17", "+5", ".5"])(
    "has no finding where it is kept: %s",
    (number) => {
      expect(read(`a: ${number}`).problems).toEqual([]);
    },
  );

  it("is served as the text it is where it is out of range", () => {
    expect(read("a: 1e400").value).toEqual({ a: "1e400" });
  });

  it.each([".inf", "-.INF", ".nan"])(
    "is null, as Tasker reads it, where JSON has none like it: %s",
    (number) => {
      const { problems, value } = read(`a: ${number}`);
      expect(problems).toMatchObject([
        { severity: "warning", code: "not_json", path: ["a"], position: { line: 1, column: 4 } },
      ]);
      expect(value).toEqual({ a: null });
    },
  );

  it.each([
    ["1e400", Number.MAX_VALUE],
    ["-1e400", -Number.MAX_VALUE],
    [".inf", Number.MAX_VALUE],
    ["9007199254740993", 9_007_199_254_740_992],
  ])("stays one where a text would break a schema or a setting: %s", (number, nearest) => {
    const { problems, value } = read(
      `input_schema: { maximum: ${number} }\nsteps: [{ timeout_seconds: ${number} }]`,
    );
    expect(value).toEqual({
      input_schema: { maximum: nearest },
      steps: [{ timeout_seconds: nearest }],
    });
    expect(problems.map(({ severity }) => severity)).toEqual(["warning", "warning"]);
    expect(JSON.stringify(problems)).not.toContain("Put it in quotes");
  });

  it("is text where it begins with a zero, which a number would lose", () => {
    const { problems, value } = read("zip: 01067\nsteps: [{ timeout_seconds: 030 }]");
    expect(value).toEqual({ zip: "01067", steps: [{ timeout_seconds: 30 }] });
    expect(problems).toMatchObject([{ severity: "warning", code: "read_as_text", path: ["zip"] }]);
  });
});
