import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

describe("the schemas of events", () => {
  it("are errors where they are no JSON Schemas, of the task and of its steps", () => {
    const lines = [
      "domain_events: [order.paid, { name: a, schema: { type: 5 } }]",
      "steps: [{ name: a, handler: { callable: h }, publishes_events: [paid, { name: b, schema: { type: object } }, { name: c, schema: { required: name } }] }]",
    ];
    expect(inShort(problemsOf(lines.join("\n")))).toEqual([
      "error invalid_event_schema domain_events.1.schema.type",
      "error invalid_event_schema steps.0.publishes_events.2.schema.required",
    ]);
  });
});
