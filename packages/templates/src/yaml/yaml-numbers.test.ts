import { describe, expect, it } from "vitest";
import { inShort } from "../testing/templates.js";
import { read } from "../testing/read-yaml.js";

describe("a number in YAML", () => {
  it.each([
    "12345678901234567890",
    "9007199254740993",
    "0.1234567890123456789",
    "0xFFFFFFFFFFFFFFFF",
    "1e400",
    "-1e-400",
  ])("has a warning if it is not kept exactly: %s", (number) => {
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
    "has no finding if it is kept: %s",
    (number) => {
      expect(read(`a: ${number}`).problems).toEqual([]);
    },
  );

  it("is served as text if it is out of range", () => {
    expect(read("a: 1e400").value).toEqual({ a: "1e400" });
  });

  it.each([".inf", "-.INF", ".nan"])(
    "is null, as in Tasker, if JSON cannot represent it: %s",
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
  ])("stays one if a text would break a schema or a setting: %s", (number, nearest) => {
    const { problems, value } = read(
      `input_schema: { maximum: ${number} }\nsteps: [{ timeout_seconds: ${number} }]`,
    );
    expect(value).toEqual({
      input_schema: { maximum: nearest },
      steps: [{ timeout_seconds: nearest }],
    });
    expect(problems.map(({ severity }) => severity)).not.toContain("error");
    expect(problems.map(({ path }) => path.at(-1))).toEqual(
      expect.arrayContaining(["maximum", "timeout_seconds"]),
    );
    expect(JSON.stringify(problems)).not.toContain("Put it in quotes");
  });

  it("is text if it begins with a zero, which a number would lose", () => {
    const { problems, value } = read("zip: 01067\nsteps: [{ timeout_seconds: 030 }]");
    expect(value).toEqual({ zip: "01067", steps: [{ timeout_seconds: 30 }] });
    expect(inShort(problems)).toEqual([
      "warning read_as_text zip",
      "warning refused_by_tasker steps.0.timeout_seconds",
    ]);
  });

  it.each([
    ["0b101", 5],
    ["-0b11", -3],
    ["+0x1f", 31],
    ["-0o17", -15],
    ["08.5", 8.5],
    ["0B1", "0B1"],
    ["0x-1", "0x-1"],
    ["0b2", "0b2"],
    ["1_000", "1_000"],
  ])("is read as Tasker reads it: %s", (written, value) => {
    const { problems, value: found } = read(`a: ${written}`);
    expect([found, problems]).toEqual([{ a: value }, []]);
  });
});

describe("a number that Tasker refuses", () => {
  const settings = [
    "steps: [{ timeout_seconds: 30.0 }]",
    "steps: [{ timeout_seconds: !!float 30.0 }]",
    "steps: [{ retry: { max_attempts: 3. } }]",
    "steps: [{ retry: { backoff_base_ms: 1e3 } }]",
    "steps: [{ retry: { max_backoff_ms: 1E3 } }]",
    "steps: [{ batch_config: { batch_size: 010 } }]",
    "steps: [{ batch_config: { parallelism: .nan } }]",
    "steps: [{ batch_config: { checkpoint_interval: 2.0 } }]",
    "lifecycle: { max_duration_minutes: 60.0 }",
    "lifecycle: { max_waiting_for_dependencies_minutes: 60.0 }",
    "lifecycle: { max_waiting_for_retry_minutes: 60.0 }",
    "lifecycle: { max_steps_in_process_minutes: 60.0 }",
    "environments: { test: { steps: [{ timeout_seconds: 30.0 }] } }",
    "environments: { test: { steps: [{ retry: { max_attempts: 3.0 } }] } }",
  ];
  it.each(settings)("has a warning if it is not written as a whole number: %s", (text) => {
    const { problems } = read(text);
    expect(problems).toContainEqual(
      expect.objectContaining({ severity: "warning", code: "refused_by_tasker" }),
    );
  });

  it.each([
    "steps: [{ timeout_seconds: 30, retry: { max_attempts: 0x3, limit: 3.0 } }]",
    "steps: [{ timeout_seconds: !!int 30, rate: 30.0 }]",
    "steps: [{ handler: { initialization: { timeout_seconds: 30.0 } } }]",
    "input_schema: { minimum: 30.0 }",
  ])("is none that its types take: %s", (text) => {
    expect(read(text).problems).toEqual([]);
  });

  it("has more than 64 bits if Tasker keeps it", () => {
    const large = "a: 100000000000000000000000, b: -9223372036854775809";
    const { problems } = read(
      `notes: { ${large} }
steps: [{ handler: { initialization: { ${large}, c: 1e30 } } }]`,
    );
    expect(inShort(problems).filter((problem) => problem.includes("refused"))).toEqual([
      "warning refused_by_tasker steps.0.handler.initialization.a",
      "warning refused_by_tasker steps.0.handler.initialization.b",
    ]);
    expect(inShort(read("input_schema: { maximum: 18446744073709551616 }").problems)).toContain(
      "warning refused_by_tasker input_schema.maximum",
    );
    expect(inShort(read("input_schema: { maximum: 18446744073709551615 }").problems)).toEqual([
      "warning inexact_number input_schema.maximum",
    ]);
  });
});
