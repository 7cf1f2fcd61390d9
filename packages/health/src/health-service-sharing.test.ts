import { createWorkerContext } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { createHealthService, type HealthService } from "./health-service.js";
import { all, setUp } from "./testing/health-service.js";

describe("an answer without a promise", () => {
  it("is returned by basicHealth and liveness, and by the others while their checks are fresh", async () => {
    const { health } = setUp();
    expect(health.basicHealth()).toMatchObject({ status: "healthy" });
    expect(health.liveness()).toMatchObject({ status: "alive" });
    expect(health.readiness()).toBeInstanceOf(Promise);
    await health.detailed();
    expect(health.readiness()).toMatchObject({ status: "healthy" });
    expect(health.detailed()).toMatchObject({ status: "healthy" });
  });

  it("is the same object within a millisecond while no check changes", async () => {
    const { clock, context, health } = setUp();
    await health.readiness();
    const first = health.readiness();
    expect(first).toMatchObject({ status: "healthy", timestamp: "2025-01-01T00:00:00.000Z" });
    expect(health.readiness()).toBe(first);
    context.lifecycle.become("draining");
    expect(health.readiness()).toMatchObject({
      status: "unhealthy",
      timestamp: "2025-01-01T00:00:00.000Z",
    });
    await clock.advance(1);
    expect(health.readiness()).toMatchObject({ timestamp: "2025-01-01T00:00:00.001Z" });
    await clock.advance(1_000);
    expect(health.readiness()).toBeInstanceOf(Promise);
  });

  it("reads the lifecycle once", async () => {
    const { context } = setUp();
    const read = vi.fn(() => context.lifecycle.current());
    const health = createHealthService({
      context: { ...context, lifecycle: { ...context.lifecycle, current: read } },
    });
    await health.readiness();
    expect(read).toHaveBeenCalledTimes(1);
    void health.readiness();
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe("concurrent callers", () => {
  it("share one run of each check until its time-to-live has passed", async () => {
    let pings = 0;
    const { clock, health } = setUp({
      ports: {
        database: {
          ping: () =>
            new Promise((resolve) => {
              pings += 1;
              clock.after(100, resolve);
            }),
          pool: () => null,
        },
      },
    });
    const early = Array.from({ length: 500 }, () => health.readiness());
    await clock.advance(60);
    const late = Array.from({ length: 500 }, () => health.readiness());
    await clock.advance(40);
    for (const answer of await all([...early, ...late])) {
      expect(answer).toMatchObject({
        timestamp: "2025-01-01T00:00:00.100Z",
        checks: { database: { cached: false, last_checked: "2025-01-01T00:00:00.100Z" } },
      });
    }
    await clock.advance(999);
    const cached = await health.readiness();
    expect(cached).toMatchObject({
      timestamp: "2025-01-01T00:00:01.099Z",
      checks: {
        database: { cached: true, last_checked: "2025-01-01T00:00:00.100Z" },
        lifecycle: { cached: false, last_checked: "2025-01-01T00:00:01.099Z" },
      },
    });
    expect(pings).toBe(1);
    await clock.advance(1);
    const next = health.readiness();
    await clock.advance(100);
    expect(await next).toMatchObject({
      timestamp: "2025-01-01T00:00:01.200Z",
      checks: { database: { cached: false, last_checked: "2025-01-01T00:00:01.200Z" } },
    });
    expect(pings).toBe(2);
  });

  it("share runs across readiness, detailed and statuses", async () => {
    let pings = 0;
    const { health } = setUp({
      ports: { database: { ping: async () => void (pings += 1), pool: () => null } },
    });
    await Promise.all([
      health.readiness(),
      health.detailed(),
      health.statuses(new AbortController().signal),
      health.readiness(),
    ]);
    expect(pings).toBe(1);
  });

  it("wait for a hanging check until its own time-out", async () => {
    const { clock, health } = setUp({
      checks: [{ name: "stuck", timeoutMs: 50, run: () => new Promise(() => undefined) }],
    });
    let answered: unknown = null;
    void Promise.resolve(health.detailed()).then((answer) => (answered = answer));
    await clock.advance(49);
    expect(answered).toBeNull();
    await clock.advance(1);
    expect(answered).toMatchObject({
      status: "degraded",
      checks: {
        stuck: { status: "unhealthy", message: "timeout after 50 ms" },
        database: { status: "healthy" },
      },
    });
  });

  it("wait for slow checks in parallel", async () => {
    const wait = (ms: number) => () =>
      new Promise<{ status: "healthy" }>((resolve) =>
        clock.after(ms, () => resolve({ status: "healthy" })),
      );
    const clock = createFakeClock();
    const health = createHealthService({
      context: createWorkerContext({ clock }),
      checks: [
        { name: "one", run: wait(300) },
        { name: "two", run: wait(400) },
      ],
    });
    const answer = health.detailed();
    await clock.advance(400);
    expect((await answer).timestamp).toBe("2025-01-01T00:00:00.400Z");
  });
});

describe("a check that calls its own service", () => {
  it("costs only its own time-out", async () => {
    const clock = createFakeClock();
    let runs = 0;
    const health: HealthService = createHealthService({
      context: createWorkerContext({ clock }),
      checks: [
        {
          name: "self",
          probes: ["ready"],
          timeoutMs: 50,
          run: async () => {
            runs += 1;
            return { status: (await health.readiness()).status };
          },
        },
      ],
    });
    const answer = health.readiness();
    await clock.advance(50);
    expect(await answer).toMatchObject({ checks: { self: { message: "timeout after 50 ms" } } });
    expect(runs).toBe(1);
  });
});
