import { describe, expect, it } from "vitest";
import { basicHealthSchema } from "./schemas/basic-health.js";
import { detailedHealthSchema } from "./schemas/detailed-health.js";
import { liveHealthSchema } from "./schemas/live-health.js";
import { pool, ports, setUp } from "./testing/health-service.js";

describe("basicHealth", () => {
  it.each(["created", "starting", "running", "draining", "stopped"] as const)(
    "is healthy while the worker is %s",
    async (lifecycle) => {
      const health = setUp({ lifecycle }).health.basicHealth();
      expect(health).toEqual({
        status: "healthy",
        timestamp: "2025-01-01T00:00:00.000Z",
        worker_id: "orders-1",
      });
      expect(basicHealthSchema.parse(health)).toEqual(health);
      expect(health).toSatisfy(Object.isFrozen);
    },
  );
});

describe("liveness", () => {
  it("is dead while a watchdog reports a failure that only a restart fixes", async () => {
    const { context, health } = setUp();
    expect(health.liveness()).toEqual({
      status: "alive",
      reason: null,
      timestamp: "2025-01-01T00:00:00.000Z",
      worker_id: "orders-1",
    });
    context.liveness.report("claim_loop", "claim_loop_stopped");
    const dead = health.liveness();
    expect(dead).toMatchObject({ status: "dead", reason: "claim_loop_stopped" });
    expect(liveHealthSchema.parse(dead)).toEqual(dead);
    context.liveness.report("claim_loop", null);
    expect(health.liveness()).toMatchObject({ status: "alive", reason: null });
  });

  it("does no I/O, so an unreachable database does not make the worker dead", async () => {
    let asked = 0;
    const { health } = setUp({
      ports: { database: { ping: async () => void (asked += 1), pool: () => null } },
    });
    expect(health.liveness()).toMatchObject({ status: "alive" });
    expect(asked).toBe(0);
  });
});

describe("detailed", () => {
  it("runs all checks and has the promised shape", async () => {
    const health = await setUp({
      checks: [{ name: "disk", run: async () => ({ status: "healthy", message: "12 GiB free" }) }],
    }).health.detailed();
    expect(Object.keys(health.checks)).toEqual([
      "lifecycle",
      "database",
      "command_processor",
      "queue_processing",
      "event_system",
      "step_processing",
      "circuit_breakers",
      "disk",
    ]);
    expect(health).toMatchObject({
      status: "healthy",
      checks: { disk: { criticality: "optional", message: "12 GiB free" } },
    });
    expect(detailedHealthSchema.parse(health)).toEqual(health);
  });

  it("is degraded when any check is not healthy", async () => {
    expect(
      (
        await setUp({
          checks: [{ name: "disk", run: () => ({ status: "unhealthy" }) }],
        }).health.detailed()
      ).status,
    ).toBe("degraded");
    expect(
      (
        await setUp({
          ports: { ...ports, circuitBreakers: { states: () => [{ name: "mail", state: "open" }] } },
        }).health.detailed()
      ).status,
    ).toBe("degraded");
  });

  it("is unhealthy when a required check is", async () => {
    expect((await setUp({ lifecycle: "starting" }).health.detailed()).status).toBe("unhealthy");
    expect(
      (
        await setUp({
          checks: [{ name: "disk", criticality: "required", run: () => ({ status: "unhealthy" }) }],
        }).health.detailed()
      ).status,
    ).toBe("unhealthy");
  });
});

describe("statuses", () => {
  it("gives every check's status by name", async () => {
    const { health } = setUp({
      ports: { database: ports.database },
      lifecycle: "draining",
      checks: [{ name: "constructor", run: () => ({ status: "degraded" }) }],
    });
    expect(await health.statuses(new AbortController().signal)).toEqual({
      lifecycle: "unhealthy",
      database: "healthy",
      constructor: "degraded",
    });
  });

  it("rejects when the caller has already aborted", async () => {
    await expect(setUp().health.statuses(AbortSignal.abort(new Error("too late")))).rejects.toThrow(
      "too late",
    );
  });
});

describe("close", () => {
  it("answers waiting callers, aborts the current run, starts no other, and is idempotent", async () => {
    const given: AbortSignal[] = [];
    const { clock, health } = setUp({
      ports: {
        database: { ping: (signal) => new Promise(() => given.push(signal)), pool: () => pool },
      },
    });
    const waiting = health.readiness();
    health.close();
    health.close();
    expect(await waiting).toMatchObject({
      status: "unhealthy",
      checks: { database: { message: "closed" } },
    });
    expect(await health.detailed()).toMatchObject({
      status: "unhealthy",
      checks: { database: { message: "closed" } },
    });
    expect(given.map(({ aborted }) => aborted)).toEqual([true]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("drops cached results, and still answers what needs no check", async () => {
    const { health } = setUp({ ports: { database: ports.database } });
    expect((await health.readiness()).status).toBe("healthy");
    health.close();
    expect((await health.readiness()).status).toBe("unhealthy");
    expect(health.basicHealth().status).toBe("healthy");
    expect(health.liveness().status).toBe("alive");
  });
});
