import { describe, expect, it } from "vitest";
import { enqueueStatement, readEnqueueArguments } from "./enqueue.js";

const step = {
  stepId: "s-1",
  template: { namespace: "payments", name: "refund", version: "1.0.0" },
  stepName: "charge",
};
const at = "2025-01-01T00:00:00.000Z";

/** What is wrong with a step that no compiler has seen. */
function problemOf(more: object): string {
  try {
    enqueueStatement([{ ...step, ...more }], at);
    return "nothing";
  } catch (error) {
    return error instanceof Error ? error.message : "thrown";
  }
}

describe("the statement that enqueues", () => {
  it("puts all steps on the queue of their namespace", () => {
    const { values } = enqueueStatement([{ ...step, input: { a: 1 } }, step], at);
    const message = {
      step_id: "s-1",
      template: step.template,
      step_name: "charge",
      enqueued_at: at,
    };
    expect([values[0], JSON.parse(String(values[1]))]).toEqual([
      "payments_queue",
      [
        { message: { ...message, input: { a: 1 } }, headers: null, delay: 0 },
        { message: { ...message, input: null }, headers: null, delay: 0 },
      ],
    ]);
  });

  it("gives a step an id when it has none", () => {
    const { values } = enqueueStatement([{ ...step, stepId: undefined }], at);
    expect(String(values[1])).toMatch(/"step_id":"[0-9a-f]{8}-/);
  });

  it.each([
    [
      "a misspelt option",
      { delay_seconds: 5 },
      'Unknown option "delay_seconds" of a step. Did you mean "delaySeconds"?',
    ],
    [
      "half a second",
      { delaySeconds: 0.5 },
      "steps[0].delaySeconds must be a whole number from 0 to 31536000, not 0.5.",
    ],
    [
      "a delay in the past",
      { delaySeconds: -1 },
      "steps[0].delaySeconds must be a whole number from 0 to 31536000, not -1.",
    ],
    [
      "a delay as text",
      { delaySeconds: "5" },
      "steps[0].delaySeconds must be a whole number from 0 to 31536000, not a string.",
    ],
    [
      "headers that are text",
      { headers: "traceparent" },
      'steps[0].headers must be an object such as { traceparent: "…" }, not a string.',
    ],
    [
      "headers that are null",
      { headers: null },
      'steps[0].headers must be an object such as { traceparent: "…" }, not null.',
    ],
    [
      "headers that are a list",
      { headers: [1] },
      'steps[0].headers must be an object such as { traceparent: "…" }, not an array.',
    ],
    [
      "a BigInt as input",
      { input: { id: 1n } },
      "steps[0].input.id is a BigInt, which JSON cannot represent: pass it as a string.",
    ],
    [
      "no number in a header",
      { headers: { a: Number.NaN } },
      "steps[0].headers.a is NaN, which JSON cannot represent: pass it as a string.",
    ],
    [
      "no template",
      { template: undefined },
      "steps[0] is no step: template: Invalid input: expected object, received undefined.",
    ],
    [
      "an empty name",
      { stepName: "" },
      "steps[0] is no step: step_name: Too small: expected string to have >=1 characters.",
    ],
  ])("refuses %s", (_what, more, problem) => {
    expect(problemOf(more)).toBe(problem);
  });

  it("names everything that is wrong, of every step", () => {
    expect(() =>
      enqueueStatement(
        [
          { ...step, delaySeconds: -1 },
          { ...step, stepName: "" },
        ],
        at,
      ),
    ).toThrow(/steps\[0\]\.delaySeconds .* steps\[1\] is no step/);
  });

  it("refuses steps of two namespaces", () => {
    const other = { ...step, template: { ...step.template, namespace: "orders" } };
    expect(() => enqueueStatement([step, other], at)).toThrow(
      "enqueue takes the steps of one namespace at a time.",
    );
  });
});

describe("the arguments of enqueue", () => {
  const transaction = { query: () => Promise.resolve() };

  it("are steps, or a list of steps and options", () => {
    expect(readEnqueueArguments([step, step])).toEqual({ steps: [step, step] });
    expect(readEnqueueArguments([[step]])).toEqual({ steps: [step] });
    expect(readEnqueueArguments([[step], { transaction }])).toEqual({ steps: [step], transaction });
  });

  it.each([
    [
      { transaktion: transaction },
      'Unknown option "transaktion" of enqueue. Did you mean "transaction"?',
    ],
    [
      { transaction: {} },
      "transaction must be a client whose transaction is open, but lacks query.",
    ],
    [{ transaction: null }, "transaction must be a client whose transaction is open, not null."],
    [null, "enqueue takes an object with the options transaction, not null."],
  ])("are refused where the options are %o", (options, problem) => {
    expect(() => readEnqueueArguments([[step], options])).toThrow(problem);
  });
});
