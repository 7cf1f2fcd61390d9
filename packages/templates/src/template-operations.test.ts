import { answer, createWorkerContext, inProcess, type Operation } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createTemplateOperations, type TemplateOperations } from "./template-operations.js";
import { createTemplateService } from "./template-service.js";
import { refund, sourceOf } from "./testing/templates.js";

function operations(source = sourceOf()): TemplateOperations {
  return createTemplateOperations(
    createTemplateService({ context: createWorkerContext(), source }),
  );
}

async function ask(
  operation: Operation,
  params?: unknown,
): Promise<{ readonly verdict: string; readonly body: unknown }> {
  const { body, verdict } = await answer(operation, params, inProcess);
  return { verdict, body: z.parse(operation.result, JSON.parse(body)) };
}

describe("the template operations", () => {
  it("are those of the worker, each with its rights", () => {
    expect(
      Object.values(operations()).map(
        ({ name, group, access, exposure }) => `${name} ${group} ${access} ${exposure}`,
      ),
    ).toEqual(
      expect.arrayContaining([
        "templates_list templates read detail",
        "template_get templates read detail",
        "template_validate templates read detail",
        "templates_cache_stats templates read detail",
        "templates_cache_clear templates write detail",
        "templates_cache_maintain templates write detail",
        "template_refresh templates write detail",
      ]),
    );
  });

  it("go by their own names", () => {
    expect(Object.entries(operations()).every(([key, { name }]) => key === name)).toBe(true);
  });

  it("answer what their schemas say", async () => {
    const {
      templates_list,
      template_get,
      template_validate,
      templates_cache_stats,
      templates_cache_clear,
      templates_cache_maintain,
      template_refresh,
    } = operations();
    for (const operation of [
      templates_list,
      templates_cache_stats,
      templates_cache_clear,
      templates_cache_maintain,
    ])
      expect((await ask(operation)).verdict).toBe("ok");
    for (const operation of [template_get, template_validate, template_refresh])
      expect((await ask(operation, refund)).verdict).toBe("ok");
  });

  it("give the list's params their defaults", async () => {
    expect(
      await ask(operations().templates_list, { include_cache_stats: true, limit: 5 }),
    ).toMatchObject({ body: { next_offset: null, cache_stats: { hits: 0 } } });
  });

  it.each([
    { limit: 0 },
    { limit: 1.5 },
    { limit: "5" },
    { offset: -1 },
    { namespace: "" },
    { include_cache_stats: "false" },
    { includeCacheStats: true },
  ])("reject the list's params %j", async (params) => {
    await expect(ask(operations().templates_list, params)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
    });
  });

  it("reject an identity that is not one", async () => {
    await expect(ask(operations().template_get)).rejects.toMatchObject({ code: "INVALID_PARAMS" });
    await expect(
      ask(operations().template_get, { ...refund, name: "a".repeat(1_000_000) }),
    ).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message: expect.not.stringContaining("aaa"),
    });
    await expect(ask(operations().templates_cache_clear, { all: true })).rejects.toMatchObject({
      code: "INVALID_PARAMS",
    });
  });

  it("say why a refresh failed", async () => {
    expect(await ask(operations().template_refresh, { ...refund, name: "missing" })).toMatchObject({
      verdict: "not_found",
      body: { success: false },
    });
    expect(
      await ask(operations().template_refresh, { ...refund, namespace: "nobody" }),
    ).toMatchObject({ verdict: "not_found" });
    expect(
      await ask(
        operations(sourceOf({ refetch: () => Promise.reject(new Error("gone")) })).template_refresh,
        refund,
      ),
    ).toMatchObject({ verdict: "upstream_failed", body: { success: false } });
  });

  it("have every field of their params and results described", () => {
    for (const { params, result } of Object.values(operations())) {
      for (const schema of [params, result])
        expect(
          Object.entries<z.core.$ZodType>(schema.shape).filter(
            ([, field]) => (z.globalRegistry.get(field)?.description ?? "") === "",
          ),
        ).toEqual([]);
    }
  });
});
