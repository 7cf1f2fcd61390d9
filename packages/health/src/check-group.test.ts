import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { CheckGroup, detailedStatus, readyStatus } from "./check-group.js";
import type { CheckRunner } from "./check-runner.js";
import type { HealthCheck } from "./schemas/health-check.js";
import { createSystemInfo } from "./system-info.js";

const rank = { healthy: 0, degraded: 1, unhealthy: 2 };

const report: fc.Arbitrary<HealthCheck> = fc.record({
  status: fc.constantFrom("healthy", "degraded", "unhealthy"),
  message: fc.constant(null),
  duration_ms: fc.constant(0),
  last_checked: fc.constant("2025-01-01T00:00:00.000Z"),
  criticality: fc.constantFrom("required", "optional"),
  cached: fc.boolean(),
});
const failing = report.map((any): HealthCheck => ({ ...any, status: "unhealthy" }));

describe("the status of a set of checks", () => {
  it("never improves by a failing check", () => {
    fc.assert(
      fc.property(fc.array(report), failing, fc.nat(), (reports, added, place) => {
        const worse = reports.toSpliced(place % (reports.length + 1), 0, added);
        expect(rank[detailedStatus(worse)]).toBeGreaterThanOrEqual(rank[detailedStatus(reports)]);
        expect(rank[readyStatus(worse)]).toBeGreaterThanOrEqual(rank[readyStatus(reports)]);
      }),
    );
  });

  it("never worsens when one check gets better", () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1 }), fc.nat(), (reports, place) => {
        const index = place % reports.length;
        const better = reports.with(index, { ...reports[index]!, status: "healthy" });
        expect(rank[detailedStatus(better)]).toBeLessThanOrEqual(rank[detailedStatus(reports)]);
        expect(rank[readyStatus(better)]).toBeLessThanOrEqual(rank[readyStatus(reports)]);
      }),
    );
  });

  it("does not depend on their order", () => {
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        expect(detailedStatus(reports.toReversed())).toBe(detailedStatus(reports));
        expect(readyStatus(reports.toReversed())).toBe(readyStatus(reports));
      }),
    );
  });

  it("is healthy exactly when all are, and unhealthy exactly when a required one is", () => {
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        expect(detailedStatus(reports) === "healthy").toBe(
          reports.every(({ status }) => status === "healthy"),
        );
        const failed = reports.some(
          ({ status, criticality }) => status === "unhealthy" && criticality === "required",
        );
        expect(detailedStatus(reports) === "unhealthy").toBe(failed);
        expect(readyStatus(reports)).toBe(failed ? "unhealthy" : "healthy");
      }),
    );
  });
});

describe("a group of checks", () => {
  const healthy: HealthCheck = Object.freeze({
    status: "healthy",
    message: null,
    duration_ms: 0,
    last_checked: "2025-01-01T00:00:00.000Z",
    criticality: "required",
    cached: true,
  });

  function setUp(
    fresh: (HealthCheck | null)[],
    later: HealthCheck | Promise<HealthCheck> = healthy,
  ) {
    const clock = { ...createFakeClock() };
    const runners = fresh.map((_, index): CheckRunner => ({
      name: `check_${index}`,
      probes: ["ready"],
      cached: true,
      get: () => fresh[index] ?? Promise.resolve(later),
      close: () => undefined,
    }));
    const context = createWorkerContext({ clock });
    const group = new CheckGroup({
      runners,
      context,
      systemInfo: createSystemInfo(context),
      statusOf: readyStatus,
    });
    return { clock, group };
  }

  it("answers without a promise, with the same object, while nothing changed", async () => {
    const { clock, group } = setUp([healthy, healthy]);
    const report = group.get();
    expect(report).toMatchObject({
      status: "healthy",
      checks: { check_0: healthy, check_1: healthy },
    });
    expect(group.get()).toBe(report);
    await clock.advance(1);
    expect(group.get()).not.toBe(report);
  });

  it("waits when one check has to run, and reports the cached results of the others", async () => {
    const fresh = [healthy, healthy];
    const { group } = setUp(fresh);
    void group.get();
    const failed: HealthCheck = { ...healthy, status: "unhealthy" };
    fresh.splice(0, 2, failed, null as never);
    const waiting = group.get();
    expect(waiting).toBeInstanceOf(Promise);
    expect(await waiting).toMatchObject({ status: "unhealthy", checks: { check_0: failed } });
    fresh[1] = healthy;
    expect(group.get()).toMatchObject({ status: "unhealthy", checks: { check_0: failed } });
  });

  it("reads the clock once for all its checks, and once more after a wait", async () => {
    const fresh = [healthy, healthy];
    const { clock, group } = setUp(fresh);
    const wall = vi.spyOn(clock, "wallMs");
    const monotonic = vi.spyOn(clock, "monotonicMs");
    void group.get();
    expect([wall.mock.calls.length, monotonic.mock.calls.length]).toEqual([1, 1]);
    fresh[0] = null as never;
    await group.get();
    expect([wall.mock.calls.length, monotonic.mock.calls.length]).toEqual([3, 3]);
  });

  it("reports to a caller who waits the results that it waited for", async () => {
    let end: (check: HealthCheck) => void = () => undefined;
    const running = new Promise<HealthCheck>((resolve) => (end = resolve));
    const fresh: (HealthCheck | null)[] = [null, null];
    const { group } = setUp(fresh, running);
    const waiting = group.get();
    fresh.fill(healthy);
    void group.get();
    const notCached: HealthCheck = { ...healthy, cached: false };
    end(notCached);
    expect(await waiting).toMatchObject({ checks: { check_0: notCached, check_1: notCached } });
  });
});
