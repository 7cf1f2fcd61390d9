import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { TemplateCache } from "./template-cache.js";

function cacheOf(maxEntries = 10): {
  readonly cache: TemplateCache<string>;
  readonly clock: FakeClock;
} {
  const clock = createFakeClock();
  return { cache: new TemplateCache<string>({ clock, maxEntries, ttlMs: 1_000 }), clock };
}

describe("the template cache", () => {
  it("counts hits and misses", () => {
    const { cache } = cacheOf();
    cache.get("a");
    cache.set("a", "A");
    cache.get("a");
    cache.get("a");
    expect(cache.counts()).toEqual({ entries: 1, hits: 2, misses: 1, evictions: 0 });
  });

  it("peeks without counting", () => {
    const { cache } = cacheOf();
    cache.set("a", "A");
    expect(cache.peek("a")).toBe("A");
    expect(cache.peek("b")).toBeUndefined();
    expect(cache.counts()).toMatchObject({ hits: 0, misses: 0 });
  });

  it("knows the age and the accesses of each entry", async () => {
    const { cache, clock } = cacheOf();
    cache.set("a", "A");
    await clock.advance(400);
    cache.set("b", "B");
    cache.get("a");
    cache.get("a");
    expect(cache.get("a")).toMatchObject({ value: "A", loadedAtMs: 0, accessCount: 4 });
    expect(cache.get("b")).toMatchObject({ loadedAtMs: 400, accessCount: 2 });
    expect(cache.oldestAgeMs()).toBe(400);
    expect(cache.averageAccessCount()).toBe(3);
  });

  it("lets entries go by age, counts them as evicted, and as entries no more", async () => {
    const { cache, clock } = cacheOf();
    cache.set("a", "A");
    await clock.advance(1_000);
    cache.set("b", "B");
    expect(cache.get("a")).toBeDefined();
    await clock.advance(1);
    expect(cache.counts()).toMatchObject({ entries: 1, evictions: 1 });
    expect(cache.get("a")).toBeUndefined();
    expect(cache.oldestAgeMs()).toBe(1);
  });

  it("makes room by letting the least recently used go", () => {
    const { cache } = cacheOf(2);
    cache.set("a", "A");
    cache.set("b", "B");
    cache.get("a");
    cache.set("c", "C");
    expect([cache.peek("a"), cache.peek("b"), cache.peek("c")]).toEqual(["A", undefined, "C"]);
    expect(cache.counts()).toMatchObject({ entries: 2, evictions: 1 });
  });

  it("does not count a replaced value as an eviction, resets its age and keeps its accesses", async () => {
    const { cache, clock } = cacheOf();
    cache.set("a", "A");
    cache.get("a");
    await clock.advance(700);
    cache.set("a", "B");
    expect(cache.counts()).toMatchObject({ entries: 1, evictions: 0 });
    await clock.advance(700);
    expect(cache.get("a")).toMatchObject({ value: "B", loadedAtMs: 700, accessCount: 3 });
  });

  it("counts the entries that it clears", async () => {
    const { cache, clock } = cacheOf();
    cache.set("old", "A");
    await clock.advance(1_001);
    cache.set("a", "A");
    cache.set("b", "B");
    expect(cache.clear()).toBe(2);
    expect(cache.counts()).toMatchObject({ entries: 0, evictions: 3 });
    expect([cache.oldestAgeMs(), cache.averageAccessCount()]).toEqual([null, 0]);
  });

  it("sweeps out what has expired", async () => {
    const { cache, clock } = cacheOf();
    cache.set("a", "A");
    await clock.advance(1_001);
    cache.set("b", "B");
    expect([cache.sweep(), cache.sweep()]).toEqual([1, 0]);
  });

  it("starts no timer", () => {
    const setTimer = vi.spyOn(globalThis, "setTimeout");
    const { cache, clock } = cacheOf();
    cache.set("a", "A");
    cache.get("a");
    expect([clock.pendingTimers(), setTimer.mock.calls.length]).toEqual([0, 0]);
    setTimer.mockRestore();
  });
});
