import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { cacheOperationResultSchema, cacheStatsSchema } from "../schemas/cache-stats.js";
import type { TemplateSource } from "../template-source.js";
import { createTemplateService, type TemplateService } from "../template-service.js";
import { definitionOf, refund, sourceOf, templateText } from "../testing/templates.js";
import { verdictOf } from "./refresh-verdict.js";

function serve(
  source: TemplateSource = sourceOf(),
  namespaces: readonly string[] = [],
): { readonly service: TemplateService; readonly clock: FakeClock } {
  const clock = createFakeClock();
  return {
    clock,
    service: createTemplateService({
      context: createWorkerContext({ clock, namespaces }),
      source,
      cacheTtlSeconds: 60,
      cacheMaxEntries: 2,
    }),
  };
}

/** Any name is a template of its own, whose description is the number of the reading. */
function numbered(): TemplateSource & { readonly readings: () => number } {
  let readings = 0;
  return {
    ...sourceOf({
      find: async (identity) =>
        definitionOf(templateText(`description: "${(readings += 1)}"\nsteps: []`, identity)),
    }),
    readings: () => readings,
  };
}

const named = (name: string): typeof refund => ({ ...refund, name });

describe("the statistics of the cache", () => {
  it("are nothing at first", async () => {
    const stats = await serve().service.cacheStats();
    expect(cacheStatsSchema.parse(stats)).toEqual({
      total_entries: 0,
      hits: 0,
      misses: 0,
      evictions: 0,
      total_cached: 0,
      cache_hits: 0,
      cache_misses: 0,
      cache_evictions: 0,
      last_maintenance: null,
      oldest_entry_age_seconds: 0,
      average_access_count: 0,
      supported_namespaces: ["payments"],
    });
  });

  it("have Tasker's names for their counts too", async () => {
    const { service } = serve(numbered());
    for (const name of ["a", "a", "b", "c"]) await service.getTemplate(named(name));
    expect(await service.cacheStats()).toMatchObject({
      ...{ total_entries: 2, hits: 1, misses: 3, evictions: 1 },
      ...{ total_cached: 2, cache_hits: 1, cache_misses: 3, cache_evictions: 1 },
    });
  });

  it("follow what is asked for, what grows old, and what is pushed out", async () => {
    const { service, clock } = serve(numbered());
    await service.getTemplate(named("a"));
    await clock.advance(5_900);
    await service.getTemplate(named("b"));
    await service.getTemplate(named("b"));
    expect(await service.cacheStats()).toMatchObject({
      total_entries: 2,
      hits: 1,
      misses: 2,
      evictions: 0,
      oldest_entry_age_seconds: 5,
      average_access_count: 1.5,
    });
    await service.getTemplate(named("c"));
    expect(await service.cacheStats()).toMatchObject({
      total_entries: 2,
      evictions: 1,
      oldest_entry_age_seconds: 0,
    });
    await clock.advance(60_001);
    expect(await service.cacheStats()).toMatchObject({
      total_entries: 0,
      evictions: 3,
      oldest_entry_age_seconds: 0,
      average_access_count: 0,
    });
    expect(service.counts()).toEqual({ entries: 0, hits: 1, misses: 3, evictions: 3 });
  });

  it("never fail: if the source does, the namespaces are those it named last", async () => {
    let down = false;
    const { service } = serve(
      sourceOf({
        namespaces: async () => (down ? Promise.reject(new Error("gone")) : ["payments"]),
      }),
    );
    await service.cacheStats();
    down = true;
    expect(await service.cacheStats()).toMatchObject({ supported_namespaces: ["payments"] });
  });
});

describe("clearing the cache", () => {
  it("counts removed entries as evicted", async () => {
    const { service } = serve(numbered());
    await service.getTemplate(named("a"));
    await service.getTemplate(named("b"));
    const result = await service.clearCache();
    expect(cacheOperationResultSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      operation: "clear",
      success: true,
      message: "2 cached templates removed.",
      timestamp: "2025-01-01T00:00:00.000Z",
      cache_stats: { total_entries: 0, evictions: 2 },
    });
    expect(await service.getTemplate(named("a"))).toMatchObject({ cached: false });
  });
});

describe("maintaining the cache", () => {
  it("removes what has expired, and notes when it did", async () => {
    const { service, clock } = serve(numbered());
    await service.getTemplate(named("a"));
    await clock.advance(40_000);
    await service.getTemplate(named("b"));
    await clock.advance(20_001);
    expect(await service.maintainCache()).toMatchObject({
      operation: "maintain",
      success: true,
      message: "1 expired templates removed.",
      cache_stats: { total_entries: 1, evictions: 1, last_maintenance: "2025-01-01T00:01:00.001Z" },
    });
  });
});

describe("refreshing a template", () => {
  it("reads it again and replaces the entry", async () => {
    const source = numbered();
    const { service } = serve(source);
    await service.getTemplate(refund);
    expect(await service.refreshTemplate(refund)).toMatchObject({
      operation: "refresh",
      success: true,
      cache_stats: { total_entries: 1, evictions: 0 },
    });
    expect(await service.getTemplate(refund)).toMatchObject({
      cached: true,
      template: { template: { description: "2" } },
    });
  });

  it("is shared by concurrent callers", async () => {
    const source = numbered();
    const { service } = serve(source);
    await Promise.all(Array.from({ length: 50 }, () => service.refreshTemplate(refund)));
    expect(source.readings()).toBe(1);
  });

  it("serves the old one until the new one is there", async () => {
    let finish: () => void = () => undefined;
    const source = numbered();
    const { service } = serve({
      ...source,
      refetch: (...args) =>
        new Promise((resolve) => (finish = () => void source.find(...args).then(resolve))),
    });
    await service.getTemplate(refund);
    const refreshing = service.refreshTemplate(refund);
    expect(await service.getTemplate(refund)).toMatchObject({
      cached: true,
      template: { template: { description: "1" } },
    });
    finish();
    await refreshing;
    expect(await service.getTemplate(refund)).toMatchObject({
      cached: true,
      template: { template: { description: "2" } },
    });
  });

  it.each<[string, TemplateSource["refetch"]]>([
    ["fails", () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.5"))],
    ["has errors in it now", async () => definitionOf(templateText("steps: 5"))],
  ])("keeps the old one if the source %s, and says so", async (_, refetch) => {
    const { service } = serve(sourceOf({ refetch }));
    await service.getTemplate(refund);
    const result = await service.refreshTemplate(refund);
    expect(result).toMatchObject({
      success: false,
      message: expect.stringMatching(/Cached templates stay in use\.$/),
      cache_stats: { total_entries: 1, evictions: 0 },
    });
    expect(JSON.stringify(result)).not.toContain("10.0.0.5");
    expect(verdictOf(result)).toBe("upstream_failed");
    expect(await service.getTemplate(refund)).toMatchObject({ cached: true });
  });

  it("keeps the old one if the source hangs", async () => {
    const { service, clock } = serve(sourceOf({ refetch: () => new Promise(() => undefined) }));
    await service.getTemplate(refund);
    const refreshing = service.refreshTemplate(refund);
    await clock.advance(5_000);
    expect(verdictOf(await refreshing)).toBe("upstream_failed");
    expect(service.counts().entries).toBe(1);
  });

  it("of a template that is not there, or not served, does not reject", async () => {
    const { service } = serve();
    for (const identity of [named("missing"), { ...refund, namespace: "nobody" }]) {
      const result = await service.refreshTemplate(identity);
      expect([result.success, verdictOf(result)]).toEqual([false, "not_found"]);
    }
  });

  it("does not ask the source for a namespace that is not served", async () => {
    const refetch = vi.fn(async () => null);
    const result = await serve(sourceOf({ refetch }), ["orders"]).service.refreshTemplate(refund);
    expect([verdictOf(result), refetch.mock.calls.length]).toEqual(["not_found", 0]);
  });
});
