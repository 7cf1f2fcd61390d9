import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseStepMessage, smallestMessage } from "./step-message.js";

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

  it("repeats neither values nor unknown keys", () => {
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

describe("the reason of a dead letter", () => {
  it("says how the message should have looked: what is wrong, the smallest one, and the page", () => {
    expect(parseStepMessage({ ...good, step_name: 7 })).toHaveProperty(
      "reason",

      'The message is not a step: step_name: Invalid input: expected string, received number. The smallest step is {"step_id":"17","template":{"namespace":"orders","name":"fulfill","version":"1.0.0"},"step_name":"ship"}; docs/step-message.md lists the fields.',
    );
  });

  it("shows a message that can be read", () => {
    expect(parseStepMessage(smallestMessage)).toEqual({ message: smallestMessage });
  });
});
