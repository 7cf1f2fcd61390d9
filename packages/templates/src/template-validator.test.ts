import { createWorkerContext, type WorkerContextOptions } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createHandlers, type Handlers } from "./handlers.js";
import {
  type TemplateValidation,
  templateValidationSchema,
} from "./schemas/template-validation.js";
import { createTemplateService } from "./template-service.js";
import { definitionOf, refund, sourceOf, templateText } from "./testing/templates.js";

async function validate(
  lines: string | null,
  handlers?: Handlers,
  worker: WorkerContextOptions = {},
): Promise<TemplateValidation> {
  const source =
    lines === null ? sourceOf() : sourceOf({ find: async () => definitionOf(templateText(lines)) });
  const validation = await createTemplateService({
    context: createWorkerContext(worker),
    source,
    handlers,
  }).validateTemplate(refund);
  expect(templateValidationSchema.parse(validation)).toEqual(validation);
  return validation;
}

describe("validateTemplate", () => {
  it("says what a valid template needs", async () => {
    expect(
      await validate(null, createHandlers(["payments.check", "payments.pay_back", "more"])),
    ).toEqual({
      valid: true,
      ...refund,
      handler_count: 2,
      issues: [],
      errors: [],
      findings: [],
      handler_metadata: expect.objectContaining({
        ...refund,
        handler_class: "payments.check",
        default_dependent_system: "payment_gateway",
      }),
      required_capabilities: ["domain_events"],
      step_handlers: ["payments.check", "payments.pay_back"],
    });
  });

  it("has the messages of the errors as issues, and everything as findings", async () => {
    const validation = await validate(
      "steps: [{ name: a, handler: { callable: h } }, { name: b, handler: { callable: gone }, dependencies: [a, a, c] }]",
      createHandlers(["h"]),
    );
    expect(validation).toMatchObject({
      valid: false,
      handler_count: 2,
      step_handlers: ["h", "gone"],
    });
    expect(
      validation.findings.map(({ severity, code, path }) => `${severity} ${code} ${path}`),
    ).toEqual([
      "warning duplicate_dependency steps[1].dependencies[1]",
      "error unknown_dependency steps[1].dependencies[2]",
      "error unknown_handler steps[1].handler.callable",
    ]);
    expect(validation.issues).toEqual(
      validation.findings
        .filter(({ severity }) => severity === "error")
        .map(({ message }) => message),
    );
    expect(validation.errors).toEqual(validation.issues);
  });

  it("ends each message with what to do", async () => {
    const { findings } = await validate(
      "steps: [{ name: check, handler: { callable: h } }, { name: pay, handler: { callable: h }, depends_on: [chekc] }]",
    );
    expect(findings[0]?.message).toBe(
      'The step "pay" depends on "chekc", but no step has that name. Did you mean "check"?',
    );
  });

  it("has null for the metadata if this worker has no handler of the template", async () => {
    expect(await validate(null, createHandlers(["other"]))).toMatchObject({
      valid: false,
      handler_count: 2,
      handler_metadata: null,
    });
    expect(await validate(null)).toMatchObject({
      valid: true,
      handler_count: 2,
      handler_metadata: null,
    });
  });

  it("reports a namespace that the worker does not serve, even if the template exists", async () => {
    expect(await validate(null, undefined, { namespaces: ["orders"] })).toMatchObject({
      valid: false,
      findings: [{ code: "unsupported_namespace" }],
    });
  });

  it("validates what is registered, not what is cached", async () => {
    let lines = "steps: [{ name: a, handler: { callable: h } }]";
    const service = createTemplateService({
      source: sourceOf({ find: async () => definitionOf(templateText(lines)) }),
    });
    await service.getTemplate(refund);
    lines = "steps: []";
    expect(await service.validateTemplate(refund)).toMatchObject({
      valid: false,
      findings: [{ code: "no_steps" }],
    });
  });

  it("rejects for a template that does not exist", async () => {
    const service = createTemplateService({ source: sourceOf() });
    await expect(service.validateTemplate({ ...refund, name: "missing" })).rejects.toMatchObject({
      code: "TEMPLATE_NOT_FOUND",
    });
    await expect(
      service.validateTemplate({ ...refund, namespace: "nobody" }),
    ).rejects.toMatchObject({ code: "NAMESPACE_NOT_SUPPORTED" });
  });

  it("quotes no secret of the template", async () => {
    const lines =
      "steps:\n  - { name: a, handler: { callable: h, initialization: { api_key: q8Zr41LmTx } }, dependencies: [q8Zr41LmTx, ghp_0123456789abcdefghijABCDEFGHIJ012345] }";
    const validation = await validate(lines);
    expect(validation.findings).toHaveLength(2);
    expect(JSON.stringify(validation)).not.toMatch(/q8Zr41LmTx|ghp_0123/);
  });

  it("quotes no secret that an override replaced", async () => {
    const step =
      "steps: [{ name: a, handler: { callable: h, initialization: { api_key: q8Zr41LmTx } }, dependencies: [q8Zr41LmTx] }]";
    const overrides =
      "environments: { test: { steps: [{ name: a, handler: { initialization: { api_key: r7Yt52MnWz } } }] } }";
    const validation = await validate(`${step}\n${overrides}`, undefined, { environment: "test" });
    expect(validation.findings).toMatchObject([{ code: "unknown_dependency" }]);
    expect(JSON.stringify(validation)).not.toMatch(/q8Zr41LmTx|r7Yt52MnWz/);
  });
});
