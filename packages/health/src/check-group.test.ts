import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CheckGroup, detailedStatus, readyStatus } from "./check-group.js";
import type { CheckRunner } from "./check-runner.js";
import type { HealthCheck } from "./schemas/health-check.js";

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
    later: HealthCheck = healthy,
  ): CheckGroup<"healthy" | "unhealthy"> {
    const runners = fresh.map((_, index): CheckRunner => ({
      name: `check_${index}`,
      probes: ["ready"],
      cached: true,
      fresh: () => fresh[index] ?? null,
      get: async () => fresh[index] ?? later,
      close: () => undefined,
    }));
    return new CheckGroup(runners, createWorkerContext({ clock: createFakeClock() }), readyStatus);
  }

  it("answers at once, with the same objects, while nothing changed", () => {
    const group = setUp([healthy, healthy]);
    const reports = group.fresh("now");
    expect(reports).toEqual({ status: "healthy", checks: { check_0: healthy, check_1: healthy } });
    expect(group.fresh("now")).toBe(reports);
  });

  it("has no answer at once when one check has to run, and forgets nothing of what it saw until then", async () => {
    const fresh = [healthy, healthy];
    const group = setUp(fresh);
    group.fresh("now");
    const failed: HealthCheck = { ...healthy, status: "unhealthy" };
    fresh.splice(0, 2, failed, null as never);
    expect(group.fresh("now")).toBeNull();
    fresh[1] = healthy;
    expect(group.fresh("now")).toMatchObject({ status: "unhealthy", checks: { check_0: failed } });
    expect((await group.get()).status).toBe("unhealthy");
  });
});
