import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const whole = {
  batch_size: "100",
  parallelism: "4",
  cursor_field: "id",
  worker_template: "work",
  failure_strategy: "fail_fast",
};

function problemsIn(config: Readonly<Record<string, string>>): ReturnType<typeof problemsOf> {
  const lines = Object.entries(config).map(([key, value]) => `${key}: ${value}`);
  return problemsOf(
    `steps: [{ name: cut, type: batchable, handler: { callable: h }, batch_config: { ${lines.join(", ")} } }, { name: work, type: batch_worker, dependencies: [cut], handler: { callable: h } }, { name: end, dependencies: [work], handler: { callable: h } }]`,
  );
}
const found = (...given: Parameters<typeof problemsIn>): readonly string[] =>
  inShort(problemsIn(...given));

const at = "error invalid_batch_config steps.0.batch_config";

describe("the configuration of batches", () => {
  it.each(["continue_on_failure", "fail_fast", "isolate"])(
    "is right if it is whole, with the strategy %s",
    (strategy) => {
      expect(found({ ...whole, failure_strategy: strategy })).toEqual([]);
    },
  );

  it("has every field that is missing reported", () => {
    expect(found({})).toEqual(Object.keys(whole).map((key) => `${at}.${key}`));
  });

  it.each([
    ["batch_size", "0"],
    ["batch_size", "many"],
    ["batch_size", "1.5"],
    ["batch_size", "4294967296"],
    ["parallelism", "-1"],
    ["parallelism", "null"],
    ["cursor_field", "''"],
    ["failure_strategy", "give_up"],
    ["failure_strategy", "FailFast"],
    ["worker_template", "gone"],
    ["worker_template", "end"],
    ["worker_template", "cut"],
  ])("is an error where %s is %s", (key, value) => {
    expect(found({ ...whole, [key]: value })).toEqual([`${at}.${key}`]);
  });

  it("accepts a batch of the largest size in Tasker", () => {
    expect(found({ ...whole, batch_size: "4294967295" })).toEqual([]);
  });

  it("has a hint with the name of the worker that is meant", () => {
    expect(problemsIn({ ...whole, worker_template: "works" })).toMatchObject([
      { hint: 'Did you mean "work"?' },
    ]);
  });
});
