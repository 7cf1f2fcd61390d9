import { describe, expect, it } from "vitest";
import { createHandlers } from "../../handlers.js";
import { problemsOf } from "../../testing/templates.js";

const lines =
  "steps: [{ name: a, handler: { callable: payments.check } }, { name: b, handler: { callable: payments.pay } }]";

describe("handlers", () => {
  it("are not missed if it is unknown which there are", () => {
    expect(problemsOf(lines)).toEqual([]);
  });

  it("are missed if this worker has not registered them", () => {
    expect(
      problemsOf(lines, { handlers: createHandlers(["payments.check", "payments.pya"]) }),
    ).toMatchObject([
      {
        severity: "error",
        code: "unknown_handler",
        path: ["steps", 1, "handler", "callable"],
        message: 'No handler is registered as "payments.pay".',
        hint: 'Did you mean "payments.pya"?',
      },
    ]);
  });

  it("are all missed if there are none", () => {
    expect(problemsOf(lines, { handlers: createHandlers([]) }).map(({ code }) => code)).toEqual([
      "unknown_handler",
      "unknown_handler",
    ]);
  });
});
