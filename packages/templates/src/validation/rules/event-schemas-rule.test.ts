import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

let events = 0;
const event = (schema: string): string =>
  `{ name: order.e${(events += 1)}, description: Something, schema: ${schema} }`;

describe("the schemas of events", () => {
  it("are errors where they are no JSON Schemas, of the task and of its steps", () => {
    const lines = [
      "domain_events: [{ name: a, schema: { type: 5 } }]",
      `steps: [{ name: a, handler: { callable: h }, publishes_events: [${event("{ type: object }")}, ${event("{ required: name }")}] }]`,
    ];
    expect(inShort(problemsOf(lines.join("\n")))).toEqual([
      "error invalid_event_schema domain_events.0.schema.type",
      "error invalid_event_schema steps.0.publishes_events.1.schema.required",
    ]);
  });

  it.each(["true", "false"])("may be %s", (schema) => {
    const lines = `domain_events: [{ name: a, schema: ${schema} }]\nsteps: [{ name: a, handler: { callable: h }, publishes_events: [${event(schema)}] }]`;
    expect(problemsOf(lines)).toEqual([]);
  });
});
