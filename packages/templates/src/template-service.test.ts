import { describe, expect, it, vi } from "vitest";
import { createHandlers } from "./handlers.js";
import { templateDetailSchema } from "./schemas/template-detail.js";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import type { TemplateService } from "./template-service.js";
import { serve } from "./testing/serve.js";
import { definitionOf, folderWith, refund, sourceOf, templateText } from "./testing/templates.js";

describe("getTemplate", () => {
  it("answers the template of this worker's environment, with what the worker knows of it", async () => {
    const { service } = serve({ handlers: createHandlers(["payments.pay_back"]) });
    const detail = await service.getTemplate(refund);
    expect(templateDetailSchema.parse(detail)).toEqual(detail);
    expect(detail.template).toMatchObject({
      environment: "test",
      resolved_at: "2025-01-01T00:00:00.000Z",
      template: {
        name: "refund",
        owner: "payments team",
        steps: [
          { timeout_seconds: 5, retry: { limit: 1, max_attempts: 1 } },
          { timeout_seconds: 5, dependencies: ["check"] },
        ],
      },
    });
    expect(detail.handler_metadata).toEqual({
      ...refund,
      handler_class: "payments.pay_back",
      config_schema: detail.template.template.input_schema,
      default_dependent_system: "payment_gateway",
      registered_at: expect.stringMatching(/Z$/),
    });
  });

  it.each([
    ["true", {}],
    ["false", { not: {} }],
    ["{ type: object }", { type: "object" }],
    ["null", null],
  ])("has the schema of the task's input as an object: %s", async (schema, config_schema) => {
    const definition = definitionOf(templateText(`input_schema: ${schema}\nsteps: []`));
    const { service } = serve({ source: sourceOf({ find: async () => definition }) });
    expect((await service.getTemplate(refund)).handler_metadata.config_schema).toEqual(
      config_schema,
    );
  });

  it("says whether this answer came from the cache, how old it is, and how often it was asked for", async () => {
    const { service, clock } = serve();
    expect(await service.getTemplate(refund)).toMatchObject({
      cached: false,
      cache_age_seconds: null,
      access_count: null,
    });
    await clock.advance(2_500);
    expect(await service.getTemplate(refund)).toMatchObject({
      cached: true,
      cache_age_seconds: 2,
      access_count: 2,
    });
    expect(
      await service.getTemplate({ namespace: "orders", name: "import", version: "1.0.0" }),
    ).toMatchObject({ cached: false });
  });

  it("reloads what is older than its time-to-live", async () => {
    const { service, clock } = serve({ cacheTtlSeconds: 10 });
    await service.getTemplate(refund);
    await clock.advance(10_001);
    expect(await service.getTemplate(refund)).toMatchObject({ cached: false });
  });

  it("names the handler of the task before those of its steps, and an empty text if the worker has none", async () => {
    const handlerOf = async (...names: readonly string[]): Promise<string> =>
      (await serve({ handlers: createHandlers(names) }).service.getTemplate(refund))
        .handler_metadata.handler_class;
    expect(await handlerOf("payments.pay_back", "payments.check", "payments.refund")).toBe(
      "payments.refund",
    );
    expect(await handlerOf("payments.pay_back", "payments.check")).toBe("payments.check");
    expect(await handlerOf("payments.other")).toBe("");
    expect((await serve().service.getTemplate(refund)).handler_metadata.handler_class).toBe("");
  });

  it("sees a handler that was registered after the template was loaded", async () => {
    const registered = new Set<string>();
    const { service } = serve({
      handlers: { has: (callable) => registered.has(callable), names: () => [...registered] },
    });
    expect((await service.getTemplate(refund)).handler_metadata.handler_class).toBe("");
    registered.add("payments.check");
    expect((await service.getTemplate(refund)).handler_metadata.handler_class).toBe(
      "payments.check",
    );
    registered.clear();
    expect((await service.getTemplate(refund)).handler_metadata.handler_class).toBe("");
  });

  it("distinguishes a missing template from a namespace that is not served", async () => {
    const { service } = serve();
    await expect(service.getTemplate({ ...refund, name: "missing" })).rejects.toMatchObject({
      code: "TEMPLATE_NOT_FOUND",
    });
    await expect(service.getTemplate({ ...refund, namespace: "nobody" })).rejects.toMatchObject({
      code: "NAMESPACE_NOT_SUPPORTED",
    });
    await expect(
      serve({}, { namespaces: ["orders"] }).service.getTemplate(refund),
    ).rejects.toMatchObject({ code: "NAMESPACE_NOT_SUPPORTED" });
    await expect(
      service.getTemplate({ namespace: "__proto__", name: "constructor", version: "1" }),
    ).rejects.toMatchObject({ code: "NAMESPACE_NOT_SUPPORTED" });
  });

  it("does not ask the source for namespaces that the worker does not serve", async () => {
    const find = vi.fn(async () => null);
    await expect(
      serve({ source: sourceOf({ find }) }, { namespaces: ["orders"] }).service.getTemplate(refund),
    ).rejects.toThrow();
    expect(find).not.toHaveBeenCalled();
  });

  it("answers from the cache while the source is down, and rejects what is not cached", async () => {
    let down = false;
    const source = sourceOf();
    const { service } = serve({
      source: {
        ...source,
        find: async (...args) =>
          down ? Promise.reject(new Error("connect ECONNREFUSED 10.0.0.5")) : source.find(...args),
      },
    });
    await service.getTemplate(refund);
    down = true;
    expect(await service.getTemplate(refund)).toMatchObject({ cached: true });
    await expect(service.getTemplate({ ...refund, version: "2.0.0" })).rejects.toMatchObject({
      code: "TEMPLATE_SOURCE_UNAVAILABLE",
      message: expect.not.stringContaining("10.0.0.5"),
    });
  });

  it("asks the source once for a hundred callers", async () => {
    const source = sourceOf();
    const find = vi.fn((...args: Parameters<typeof source.find>) => source.find(...args));
    const { service } = serve({ source: { ...source, find } });
    await Promise.all(Array.from({ length: 100 }, () => service.getTemplate(refund)));
    expect(find).toHaveBeenCalledTimes(1);
  });
});

describe("resolveTemplate", () => {
  it("shares its cache with getTemplate", async () => {
    const { service } = serve();
    await service.resolveTemplate(refund);
    expect(await service.getTemplate(refund)).toMatchObject({ cached: true, access_count: 2 });
  });

  it("is frozen", async () => {
    const template = await serve().service.resolveTemplate(refund);
    expect(() =>
      Object.assign(template.steps[0]?.handler.initialization ?? {}, { api_key: "other" }),
    ).toThrow(TypeError);
  });

  it("rejects, and never throws", async () => {
    const { service } = serve({}, { namespaces: ["orders"] });
    await expect(service.resolveTemplate(refund)).rejects.toMatchObject({
      code: "NAMESPACE_NOT_SUPPORTED",
    });
  });
});

describe("a template with errors", () => {
  const broken = { namespace: "payments", name: "broken", version: "1.0.0" };

  async function serveBroken(): Promise<TemplateService> {
    const cwd = await folderWith({
      "broken.yaml": templateText(
        "steps: [{ name: a, handler: { callable: h }, timeout_seconds: soon }]",
        broken,
      ),
    });
    return serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) }).service;
  }

  it("is listed and validated, and rejected for use", async () => {
    const service = await serveBroken();
    expect(await service.listTemplates()).toMatchObject({ template_count: 1, templates: [broken] });
    expect(await service.validateTemplate(broken)).toMatchObject({
      valid: false,
      findings: [{ code: "invalid_shape", path: "steps[0].timeout_seconds" }],
    });
    await expect(service.getTemplate(broken)).rejects.toMatchObject({
      code: "TEMPLATE_NOT_FOUND",
      message: expect.stringContaining("template_validate"),
    });
    await expect(service.resolveTemplate(broken)).rejects.toMatchObject({
      code: "TEMPLATE_NOT_FOUND",
    });
  });

  it("in the overrides of one environment alone is rejected in that environment only", async () => {
    const definition = definitionOf(
      templateText(
        "steps: [{ name: a, handler: { callable: h } }]\nenvironments: { test: { steps: [{ name: a, timeout_seconds: soon }] } }",
      ),
    );
    const source = sourceOf({ find: async () => definition });
    await expect(serve({ source }).service.getTemplate(refund)).rejects.toMatchObject({
      code: "TEMPLATE_NOT_FOUND",
    });
    await expect(
      serve({ source }, { environment: "production" }).service.getTemplate(refund),
    ).resolves.toBeDefined();
  });
});
