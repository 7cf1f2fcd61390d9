import { describe, expect, it } from "vitest";
import { resolvedTemplateSchema, type ResolvedTemplate } from "../schemas/complete-template.js";
import { taskTemplateSchema } from "../schemas/task-template.js";
import { definitionOf, templateText } from "../testing/templates.js";
import { completeTemplate } from "./complete-template.js";

function complete(text: string, timeoutSeconds: number | null = 30): ResolvedTemplate {
  const { definition } = definitionOf(templateText(text));
  return completeTemplate(taskTemplateSchema.parse(definition), { timeoutSeconds });
}

const bare = "steps: [{ name: a, handler: { callable: h } }]";

describe("a complete template", () => {
  it("has the defaults that apply to a step that sets nothing", () => {
    const template = complete(bare);
    expect(resolvedTemplateSchema.parse(template)).toEqual(template);
    expect(template.steps).toEqual([
      {
        name: "a",
        description: null,
        type: "standard",
        batch_config: null,
        handler: { callable: "h", method: null, resolver: null, initialization: {} },
        system_dependency: null,
        dependencies: [],
        retry: {
          retryable: true,
          max_attempts: 3,
          backoff: "exponential",
          backoff_base_ms: 1_000,
          max_backoff_ms: 30_000,
        },
        timeout_seconds: 30,
        publishes_events: [],
      },
    ]);
  });

  it("has what a template without steps lacks", () => {
    expect(complete("steps: ~")).toMatchObject({
      description: null,
      metadata: null,
      system_dependencies: { primary: "default", secondary: [] },
      domain_events: [],
      input_schema: null,
      steps: [],
      environments: {},
      lifecycle: null,
    });
  });

  it("keeps what the template says, and keys that it does not know", () => {
    const [step] = complete(`
owner: payments team
steps:
  - name: a
    handler: { callable: h, method: call, initialization: { region: north } }
    retry: { backoff: none, max_backoff_ms: ~, note: seldom }
    timeout_seconds: 2.5
    extra: red`).steps;
    expect(step).toMatchObject({
      handler: { method: "call", initialization: { region: "north" } },
      retry: { backoff: "none", max_attempts: 3, max_backoff_ms: 30_000, note: "seldom" },
      timeout_seconds: 2.5,
      extra: "red",
    });
  });

  it("declares in full an event that was declared by its name", () => {
    const [step] = complete(
      "steps: [{ name: a, handler: { callable: h }, publishes_events: [order.done, { name: order.lost, condition: failure, publisher: p }] }]",
    ).steps;
    const event = { description: "", schema: null, delivery_mode: "durable" };
    expect(step?.publishes_events).toEqual([
      { ...event, name: "order.done", condition: "success", publisher: null },
      { ...event, name: "order.lost", condition: "failure", publisher: "p" },
    ]);
  });

  it("has the type and the dependencies of a step by one name: clients of Tasker refuse two", () => {
    const [, step] = complete(
      "steps: [{ name: a, handler: { callable: h } }, { name: b, step_type: decision, depends_on: [a], handler: { callable: h } }]",
    ).steps;
    expect(step).toMatchObject({
      type: "decision",
      dependencies: ["a"],
    });
    expect(step).not.toHaveProperty("step_type");
    expect(step).not.toHaveProperty("depends_on");
  });

  it("gives a step with a time-out of 0 the worker's limit, and null if there is none", () => {
    const hasty = "steps: [{ name: a, handler: { callable: h }, timeout_seconds: 0 }]";
    expect(complete(hasty).steps[0]?.timeout_seconds).toBe(30);
    expect(complete(bare, null).steps[0]?.timeout_seconds).toBeNull();
  });

  it("is frozen", () => {
    const template = complete(bare);
    expect(
      [template, template.steps, template.steps[0], template.steps[0]?.retry].map(Object.isFrozen),
    ).toEqual([true, true, true, true]);
  });
});
