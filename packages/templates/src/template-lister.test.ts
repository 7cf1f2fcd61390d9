import { describe, expect, it } from "vitest";
import { templateListSchema } from "./schemas/template-list.js";
import { serve } from "./testing/serve.js";
import { refund, sourceOf } from "./testing/templates.js";

describe("listTemplates", () => {
  it("lists every registered template in order, whatever is cached", async () => {
    const { service } = serve({}, { capabilities: ["batch_processing"] });
    const list = await service.listTemplates();
    expect(templateListSchema.parse(list)).toEqual(list);
    expect(list).toEqual({
      supported_namespaces: ["orders", "payments"],
      template_count: 3,
      templates: [
        {
          namespace: "orders",
          name: "approval",
          version: "2.1.0-rc.1",
          description: null,
          step_count: 5,
        },
        {
          namespace: "orders",
          name: "import",
          version: "1.0.0",
          description: "Reads orders from a file",
          step_count: 2,
        },
        { ...refund, description: "Gives a payment back", step_count: 2 },
      ],
      next_offset: null,
      cache_stats: null,
      worker_capabilities: ["batch_processing"],
    });
  });

  it("lists by page and by namespace, and says if the next page begins", async () => {
    const { service } = serve();
    expect(await service.listTemplates({ limit: 2 })).toMatchObject({
      template_count: 3,
      next_offset: 2,
      templates: [{ name: "approval" }, { name: "import" }],
    });
    expect(await service.listTemplates({ limit: 2, offset: 2 })).toMatchObject({
      next_offset: null,
      templates: [{ name: "refund" }],
    });
    expect(await service.listTemplates({ namespace: "orders", limit: 1 })).toMatchObject({
      template_count: 2,
      next_offset: 1,
    });
    expect(await service.listTemplates({ namespace: "nobody" })).toMatchObject({
      template_count: 0,
      templates: [],
      next_offset: null,
    });
    expect(await service.listTemplates({ offset: 99 })).toMatchObject({
      template_count: 3,
      templates: [],
      next_offset: null,
    });
  });

  it("has the cache's statistics if they are requested", async () => {
    const { service } = serve();
    await service.getTemplate(refund);
    expect(await service.listTemplates({ include_cache_stats: true })).toMatchObject({
      cache_stats: { total_entries: 1, misses: 1 },
    });
  });

  it("lists the namespaces that the worker was given", async () => {
    expect(await serve({}, { namespaces: ["billing"] }).service.listTemplates()).toMatchObject({
      supported_namespaces: ["billing"],
      template_count: 3,
    });
  });

  it("rejects when the source cannot be read", async () => {
    const { service } = serve({
      source: sourceOf({ list: () => Promise.reject(new Error("gone")) }),
    });
    await expect(service.listTemplates()).rejects.toMatchObject({
      code: "TEMPLATE_SOURCE_UNAVAILABLE",
    });
  });
});
