import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

const handler = "handler: { callable: h }";

describe("a batch worker", () => {
  it("comes after a batchable step, at once or later", () => {
    expect(
      problemsOf(
        `steps: [{ name: a, type: batchable, ${handler} }, { name: b, dependencies: [a], ${handler} }, { name: c, type: batch_worker, dependencies: [b], ${handler} }]`,
      ),
    ).toEqual([]);
  });

  it("is an error if it does not", () => {
    expect(
      inShort(
        problemsOf(
          `steps: [{ name: a, type: batchable, ${handler} }, { name: b, step_type: batch_worker, ${handler} }]`,
        ),
      ),
    ).toEqual(["error batch_worker_without_batchable steps.1.type"]);
  });

  it("is named in the message if it has a name", () => {
    const messages = problemsOf(
      `steps: [{ type: batch_worker, ${handler} }, { name: b, type: batch_worker, ${handler} }]`,
    )
      .filter(({ code }) => code === "batch_worker_without_batchable")
      .map(({ message }) => message);
    expect(messages).toEqual([
      "The batch worker comes after no batchable step.",
      'The batch worker "b" comes after no batchable step.',
    ]);
  });

  it("in a cycle is visited once", () => {
    expect(
      inShort(
        problemsOf(
          `steps: [{ name: a, type: batch_worker, dependencies: [b], ${handler} }, { name: b, dependencies: [a], ${handler} }]`,
        ),
      ),
    ).toContain("error batch_worker_without_batchable steps.0.type");
  });
});
