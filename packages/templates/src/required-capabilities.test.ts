import { describe, expect, it } from "vitest";
import { requiredCapabilities } from "./required-capabilities.js";
import { definitionOf, templateText } from "./testing/templates.js";

describe("the capabilities that a template requires", () => {
  it("follow from its steps, each once, sorted", () => {
    const steps =
      "steps: [{ step_type: deferred }, { type: batchable }, { type: batch_worker }, { type: decision }, { publishes_events: [a] }, { publishes_events: [] }]";
    expect(requiredCapabilities(definitionOf(templateText(steps)).definition)).toEqual([
      "batch_processing",
      "decision_points",
      "deferred_convergence",
      "domain_events",
    ]);
  });

  it("are empty for plain steps, and for names that every object inherits", () => {
    expect(
      requiredCapabilities(
        definitionOf(templateText("steps: [{ name: a }, { type: constructor }]")).definition,
      ),
    ).toEqual([]);
  });
});
