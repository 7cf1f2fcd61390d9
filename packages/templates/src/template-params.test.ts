import { describe, expect, it, vi } from "vitest";
import { createTemplateService } from "./template-service.js";
import { refund, sourceOf } from "./testing/templates.js";

const source = sourceOf();
const asked = [vi.spyOn(source, "find"), vi.spyOn(source, "refetch"), vi.spyOn(source, "list")];
const service = createTemplateService({ source });

describe("params that a caller in this process gives", () => {
  it.each<[params: unknown, problem: string]>([
    [{ limit: -1 }, "limit: "],
    [{ limit: 1.5 }, "limit: "],
    [{ limit: "3" }, "limit: "],
    [{ limit: 0 }, "limit: "],
    [{ offset: -1 }, "offset: "],
    [{ offset: Number.NaN, limit: 0 }, "limit: "],
    [{ namespace: "" }, "namespace: "],
    [{ namespace: 3 }, "namespace: "],
    [{ include_cache_stats: "yes" }, "include_cache_stats: "],
    [
      { includeCacheStats: true },
      "an unknown key \\(known: include_cache_stats, namespace, limit, offset\\)",
    ],
    [null, "params: "],
    [[], "params: "],
  ])("are rejected by listTemplates: %j", async (params, problem) => {
    await expect(service.listTemplates(params as never)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message: expect.stringMatching(
        new RegExp(`^listTemplates rejected its params: .*${problem}`),
      ),
    });
    expect(asked.some(({ mock }) => mock.calls.length > 0)).toBe(false);
  });

  describe.each(["getTemplate", "validateTemplate", "refreshTemplate"] as const)(
    "to %s",
    (method) => {
      it.each<[params: unknown, problems: readonly string[]]>([
        [{}, ["namespace: ", "name: ", "version: "]],
        [undefined, ["params: "]],
        [null, ["params: "]],
        ["payments/refund", ["params: "]],
        [{ ...refund, name: 3 }, ["name: "]],
        [{ ...refund, name: ["refund"] }, ["name: "]],
        [{ ...refund, namespace: "" }, ["namespace: "]],
        [{ ...refund, version: "1".repeat(65) }, ["version: "]],
        [{ ...refund, environment: "test" }, ["an unknown key (known: namespace, name, version)"]],
      ])("are rejected if they name no template: %j", async (params, problems) => {
        const asking = service[method](params as never);
        await expect(asking).rejects.toMatchObject({
          code: "INVALID_PARAMS",
          message: expect.stringMatching(new RegExp(`^${method} rejected its params: `)),
        });
        for (const problem of problems) await expect(asking).rejects.toThrow(problem);
        expect(asked.some(({ mock }) => mock.calls.length > 0)).toBe(false);
      });
    },
  );

  it("are rejected even if the template that they nearly name is cached", async () => {
    const own = createTemplateService({ source: sourceOf() });
    await own.getTemplate(refund);
    await expect(
      own.getTemplate({ ...refund, environment: "test" } as never),
    ).rejects.toMatchObject({ code: "INVALID_PARAMS" });
    await expect(own.getTemplate({ ...refund, name: ["refund"] } as never)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
    });
  });

  it.each([{}, undefined, { ...refund, name: 3 }])(
    "are rejected by resolveTemplate: %j",
    async (params) => {
      const resolving = service.resolveTemplate(params as never);
      expect(resolving).toBeInstanceOf(Promise);
      await expect(resolving).rejects.toMatchObject({
        code: "INVALID_PARAMS",
        message: expect.stringContaining("a namespace, a name and a version"),
      });
    },
  );
});
