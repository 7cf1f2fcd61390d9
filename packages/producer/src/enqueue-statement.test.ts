import { describe, expect, it } from "vitest";
import { type EnqueueStatement, enqueueStatement } from "./enqueue-statement.js";
import type { StepToEnqueue } from "./step-to-enqueue.js";

const step = {
  stepId: "s-1",
  template: { namespace: "payments", name: "refund", version: "1.0.0" },
  stepName: "charge",
};
const at = "2025-01-01T00:00:00.000Z";

const nowMs = Date.parse(at);

function statementOf(...steps: readonly StepToEnqueue[]): EnqueueStatement {
  return enqueueStatement(steps, {
    nowMs,
    enqueuedAt: at,
    notifies: false,
    answersIds: false,
    nameOf: (index) => `steps[${index}]`,
  });
}

/** What is wrong with a step that no compiler has seen. */
function problemOf(more: object): string {
  try {
    statementOf({ ...step, ...more });
    return "nothing";
  } catch (error) {
    return error instanceof Error ? error.message : "thrown";
  }
}

describe("the statement that enqueues", () => {
  it("puts all steps on the queue of their namespace", () => {
    const { values } = statementOf({ ...step, input: { a: 1 } }, step);
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

  it("gives a step without an id one", () => {
    const { values } = statementOf({ ...step, stepId: undefined });
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
      "a delay of a year and a millisecond",
      { delay: 31_536_000_001 },
      "steps[0].delay must be milliseconds from 0 to 31536000000, or a Date at most a year from now, not 31536000001.",
    ],
    [
      "no date",
      { delay: new Date("tomorrow") },
      "steps[0].delay must be milliseconds from 0 to 31536000000, or a Date at most a year from now.",
    ],
    [
      "two delays",
      { delay: 1, delaySeconds: 1 },
      "steps[0] has both delay and delaySeconds: leave one out.",
    ],
    [
      "a namespace that cannot name a queue",
      { template: { ...step.template, namespace: "Payments" } },
      "steps[0].template.namespace cannot name a queue. At most 29 characters: lower-case letters, digits and underscores, a letter first; cache is reserved.",
    ],
    [
      "a misspelt name of the template",
      { template: { ...step.template, nmae: "refund" } },
      'Unknown option "nmae" of template. Did you mean "name"?',
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
      "steps[0].template must be an object with namespace, name and version, but is missing.",
    ],
    [
      "an empty name",
      { stepName: "" },
      "steps[0].stepName must be a string of 1 to 255 characters.",
    ],
  ])("refuses %s", (_what, more, problem) => {
    expect(problemOf(more)).toBe(problem);
  });

  it("names everything that is wrong, of every step", () => {
    expect(() => statementOf({ ...step, delaySeconds: -1 }, { ...step, stepName: "" })).toThrow(
      /steps\[0\]\.delaySeconds .* steps\[1\]\.stepName/,
    );
  });

  it("refuses steps of two namespaces", () => {
    const other = { ...step, template: { ...step.template, namespace: "orders" } };
    expect(() => statementOf(step, other)).toThrow(
      "enqueue takes the steps of one namespace at a time.",
    );
  });
});
