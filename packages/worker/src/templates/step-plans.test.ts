import { describe, expect, it } from "vitest";
import { createStepStatistics, ObservabilityError } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import {
  completeTemplate,
  type ResolvedTemplate,
  type TaskTemplate,
  retryDefaults,
} from "@tasker-observability/templates";
import type { StepMessage } from "../queues/step-message.js";
import type { FinishedAttempt } from "../running/step-plan.js";
import { createStepPlans } from "./step-plans.js";

const handler = async (): Promise<void> => undefined;
const template = completeTemplate(
  {
    name: "refund",
    namespace_name: "payments",
    version: "1.0.0",
    steps: [
      { name: "bare", handler: { callable: "Refund" } },
      {
        name: "full",
        handler: { callable: "Refund", initialization: { api_key: "real" } },
        retry: {
          retryable: true,
          max_attempts: 7,
          backoff: "linear",
          backoff_base_ms: 10,
          max_backoff_ms: 500,
        },
        timeout_seconds: 2.5,
        publishes_events: ["refund.validated"],
      },
      { name: "orphan", handler: { callable: "toString" }, retry: { max_attempts: 1 } },
      { name: "patient", handler: { callable: "Refund" }, timeout_seconds: 30 * 24 * 3_600 },
      { name: "hasty", handler: { callable: "Refund" }, timeout_seconds: 0 },
    ],
  } as unknown as TaskTemplate,
  { timeoutSeconds: 30 },
);

function createTestPlans(
  resolveTemplate: () => ResolvedTemplate | Promise<ResolvedTemplate> = () => template,
) {
  const published: unknown[] = [];
  const statistics = createStepStatistics({ clock: createFakeClock() });
  const counted: string[] = [];
  const find = createStepPlans({
    resolveTemplate,
    statistics: {
      recorder(...of) {
        counted.push(of.join("/"));
        return statistics.recorder(...of);
      },
    },
    handlers: { Refund: handler },
    eventsOf(step) {
      published.push(step.name);
      return [];
    },
  });
  const plan = (stepName: string) =>
    find({
      step_id: "s",
      step_name: stepName,
      template: { namespace: "payments", name: "refund", version: "1.0.0" },
      enqueued_at: "",
    } satisfies StepMessage);
  return { plan, published, counted };
}

const failing = (error: Error) => (): never => {
  throw error;
};

describe("the plan of a step", () => {
  it("begins to count every step of its template that has a handler, once", async () => {
    const { plan, counted } = createTestPlans();
    await plan("bare");
    await plan("full");
    expect(counted).toEqual(
      ["bare", "full", "patient", "hasty"].map((step) => `payments/refund/${step}`),
    );
  });

  it("follows its template", async () => {
    const { plan, published } = createTestPlans();
    const found = await plan("full");
    expect(found).toMatchObject({
      handler,
      initialization: { api_key: "real" },
      timeoutMs: 2_500,
      retry: {
        retryable: true,
        max_attempts: 7,
        backoff: "linear",
        backoff_base_ms: 10,
        max_backoff_ms: 500,
      },
    });
    found.eventsOf?.({} as FinishedAttempt);
    expect(published).toEqual(["full"]);
  });

  it("has defaults for what the template leaves out", async () => {
    expect(await createTestPlans().plan("bare")).toEqual({
      handlerName: "Refund",
      handler,
      initialization: {},
      timeoutMs: 30_000,
      retry: retryDefaults,
      eventsOf: null,
    });
  });

  it("is found synchronously if the template is, and created once per template object", () => {
    const { plan } = createTestPlans();
    expect(plan("full")).not.toBeInstanceOf(Promise);
    expect(plan("full")).toBe(plan("full"));
  });

  it("is found asynchronously if the template is", async () => {
    await expect(createTestPlans(async () => template).plan("bare")).resolves.toMatchObject({
      timeoutMs: 30_000,
    });
  });

  it("has a time-out that a timer can keep, and the default for 0", async () => {
    const { plan } = createTestPlans();
    expect([(await plan("patient")).timeoutMs, (await plan("hasty")).timeoutMs]).toEqual([
      2 ** 31 - 1,
      30_000,
    ]);
  });
});

describe("there is no plan", () => {
  it("for a step that the template does not have", () => {
    expect(() => createTestPlans().plan("unknown")).toThrow(
      expect.objectContaining({
        code: "step_not_in_template",
        message: "Template payments/refund 1.0.0 has no step unknown.",
      }),
    );
  });

  it("for a handler that is not registered, even if every object has its name", () => {
    expect(() => createTestPlans().plan("orphan")).toThrow(
      expect.objectContaining({
        code: "handler_not_registered",
        message:
          "No handler is registered for toString, which step orphan of template payments/refund 1.0.0 names.",
      }),
    );
  });

  const notAvailable = "Template payments/refund 1.0.0 is not available: Said so.";

  it.each([
    ["TEMPLATE_NOT_FOUND", "template_not_found", notAvailable],
    ["NAMESPACE_NOT_SUPPORTED", "template_not_found", notAvailable],
    ["INVALID_PARAMS", "template_not_found", notAvailable],
    ["TEMPLATE_SOURCE_UNAVAILABLE", "template_source_unavailable", "Said so."],
  ] as const)("where templates say %s: %s", async (code, expected, message) => {
    const error = new ObservabilityError(code, "Said so.");
    expect(() => createTestPlans(failing(error)).plan("bare")).toThrow(
      expect.objectContaining({ code: expected, message }),
    );
    await expect(createTestPlans(() => Promise.reject(error)).plan("bare")).rejects.toMatchObject({
      code: expected,
    });
  });
});
