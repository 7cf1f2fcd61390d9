import {
  type Awaitable,
  createWorkerContext,
  type Lifecycle,
  type Ports,
} from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { basicHealthSchema } from "./schemas/basic-health.js";
import { detailedHealthSchema, readyHealthSchema } from "./schemas/detailed-health.js";
import { liveHealthSchema } from "./schemas/live-health.js";
import { createHealthService, type HealthService } from "./health-service.js";
import type { HealthServiceOptions } from "./health-options.js";

const pool = { size: 3, idle: 2, waiting: 0, max: 10 };
const ports: Omit<Ports, "domainEvents" | "channels"> = {
  database: { ping: async () => undefined, pool: () => pool },
  queues: { statistics: async () => [] },
  commandProcessor: { state: () => "running", heartbeat: null, slots: () => null },
  eventSystem: { listener: () => "connected", poller: () => "alive" },
  circuitBreakers: { states: () => [] },
};

const all = <T>(answers: readonly Awaitable<T>[]): Promise<T[]> =>
  Promise.all(answers.map(async (answer) => answer));

function setUp(
  given: { ports?: Partial<Ports>; lifecycle?: Lifecycle } & Omit<
    HealthServiceOptions,
    "context"
  > = {},
) {
  const clock = createFakeClock();
  const { ports: own = ports, lifecycle, ...options } = given;
  const context = createWorkerContext({
    workerId: "orders-1",
    workerType: "general",
    version: "1.2.3",
    environment: "test",
    namespaces: ["orders", "payments"],
    ports: own,
    lifecycle,
    clock,
  });
  return { clock, context, health: createHealthService({ context, ...options }) };
}

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
  it("is alive until a watchdog reports what only a restart would cure, and again when it takes that back", async () => {
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

  it("asks nothing and nobody: a database that is down makes no worker dead", async () => {
    let asked = 0;
    const { health } = setUp({
      ports: { database: { ping: async () => void (asked += 1), pool: () => null } },
    });
    expect(health.liveness()).toMatchObject({ status: "alive" });
    expect(asked).toBe(0);
  });
});

describe("readiness", () => {
  it("runs the four readiness checks, in their order, and has the promised shape", async () => {
    const health = await setUp().health.readiness();
    expect(Object.keys(health.checks)).toEqual([
      "lifecycle",
      "database",
      "command_processor",
      "queue_processing",
    ]);
    expect(readyHealthSchema.parse(health)).toEqual(health);
    expect(
      [
        health,
        health.checks,
        health.system_info,
        health.system_info.supported_namespaces,
        ...Object.values(health.checks),
      ].every(Object.isFrozen),
    ).toBe(true);
  });

  it("is unhealthy when a required check is", async () => {
    const { health } = setUp({
      ports: {
        ...ports,
        database: {
          ping: () => Promise.reject(Object.assign(new Error(), { code: "ECONNREFUSED" })),
          pool: () => pool,
        },
      },
    });
    expect(await health.readiness()).toMatchObject({
      status: "unhealthy",
      checks: { database: { status: "unhealthy", message: "connection_refused" } },
    });
  });

  it("stays healthy with degraded checks and with unhealthy optional ones, and shows them", async () => {
    const { health } = setUp({
      ports: { ...ports, commandProcessor: { ...ports.commandProcessor, state: () => "paused" } },
      checks: [
        {
          name: "mail",
          probes: ["ready"],
          run: () => ({ status: "unhealthy", message: "no mail" }),
        },
      ],
    });
    expect(await health.readiness()).toMatchObject({
      status: "healthy",
      checks: {
        command_processor: { status: "degraded" },
        mail: { status: "unhealthy", message: "no mail" },
      },
    });
  });

  it("asks a custom check only where it wants to be asked, and believes a required one", async () => {
    const run = () => ({ status: "unhealthy" }) as const;
    const { health } = setUp({
      checks: [
        { name: "disk", run },
        { name: "mail", run, probes: ["ready"], criticality: "required" },
      ],
    });
    const ready = await health.readiness();
    expect(Object.keys(ready.checks).slice(4)).toEqual(["mail"]);
    expect(ready.status).toBe("unhealthy");
    expect(Object.keys((await health.detailed()).checks).slice(-2)).toEqual(["disk", "mail"]);
  });

  it("believes a required check without being told to ask it, and takes nothing returned for healthy", async () => {
    const { health } = setUp({
      checks: [
        { name: "fine", criticality: "required", run: () => undefined },
        { name: "broken", criticality: "required", run: () => Promise.reject(new Error("no")) },
        { name: "hidden", criticality: "required", probes: ["detailed"], run: () => undefined },
      ],
    });
    const ready = await health.readiness();
    expect(ready).toMatchObject({
      status: "unhealthy",
      checks: { fine: { status: "healthy", message: null }, broken: { status: "unhealthy" } },
    });
    expect(ready.checks).not.toHaveProperty("hidden");
  });

  it("is not ready at once when the worker drains, cache or no cache", async () => {
    const { context, health } = setUp();
    expect((await health.readiness()).status).toBe("healthy");
    context.lifecycle.become("draining");
    expect(await health.readiness()).toMatchObject({
      status: "unhealthy",
      checks: {
        lifecycle: { message: "draining", cached: false },
        database: { status: "healthy", cached: true },
      },
    });
  });

  it("does not miss that the worker began to drain while the other checks ran", async () => {
    const { clock, context, health } = setUp({
      ports: {
        database: {
          ping: () => new Promise((resolve) => clock.after(100, resolve)),
          pool: () => null,
        },
      },
    });
    const answer = health.readiness();
    context.lifecycle.become("draining");
    await clock.advance(100);
    expect(await answer).toMatchObject({
      status: "unhealthy",
      checks: { lifecycle: { message: "draining" } },
    });
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

describe("an answer without a promise", () => {
  it("comes for basic health and liveness always, and for the rest once its checks have run", async () => {
    const { health } = setUp();
    expect(health.basicHealth()).toMatchObject({ status: "healthy" });
    expect(health.liveness()).toMatchObject({ status: "alive" });
    expect(health.readiness()).toBeInstanceOf(Promise);
    await health.detailed();
    expect(health.readiness()).toMatchObject({ status: "healthy" });
    expect(health.detailed()).toMatchObject({ status: "healthy" });
  });

  it("is one object within a millisecond, and another when time passes, a check turns or the cache has run out", async () => {
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

describe("many askers", () => {
  it("cause one round of checks, each answer with its own timestamp and a true `cached`, and a fresh round after the time-to-live", async () => {
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

  it("wait no longer for a check that never resolves than its own time-out", async () => {
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

  it("run in parallel: two slow checks cost the slower one's time", async () => {
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

describe("a check that asks the service it belongs to", () => {
  it("costs its own time-out and no more", async () => {
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

  it("asks nothing for a caller that has given up", async () => {
    await expect(setUp().health.statuses(AbortSignal.abort(new Error("too late")))).rejects.toThrow(
      "too late",
    );
  });
});

describe("close", () => {
  it("ends the waiting of whoever asked, abandons the run under way, starts no other, and may be called again", async () => {
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

  it("forgets what was fresh, and leaves those answers that need no check", async () => {
    const { health } = setUp({ ports: { database: ports.database } });
    expect((await health.readiness()).status).toBe("healthy");
    health.close();
    expect((await health.readiness()).status).toBe("unhealthy");
    expect(health.basicHealth().status).toBe("healthy");
    expect(health.liveness().status).toBe("alive");
  });
});
