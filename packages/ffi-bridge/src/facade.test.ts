import type { ObservabilityError } from "@tasker-observability/core";
import { createWorkerContext } from "@tasker-observability/core";
import { createHealthService } from "@tasker-observability/health";
import { resolveConfig } from "@tasker-observability/config";
import { createMetricsService } from "@tasker-observability/metrics";
import { describe, expect, it, vi } from "vitest";
import { createObservability } from "./observability.js";
import type { FacadeBase, HealthMethods, ObservabilityMethods } from "./observability-methods.js";
import { createBridgeFunctions } from "./functions.js";
import { connectObservability } from "./socket-client.js";
import { createPool } from "./testing/given-pool.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const charge = { namespace: "payments", name: "charge", version: "1.0.0" };
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "resolved",
    (error: unknown) => (error as ObservabilityError).code,
  );

describe("the facade", () => {
  it("answers what each of the worker's operations answers", async () => {
    const { observability } = createSampleWorker();
    expect(await observability.healthBasic()).toEqual({
      status: "healthy",
      timestamp: "2025-01-01T00:00:00.000Z",
      worker_id: "sample-1",
    });
    expect(await observability.healthLive()).toMatchObject({ status: "alive", reason: null });
    expect(await observability.healthReady()).toMatchObject({
      status: "healthy",
      checks: { database: { status: "healthy" } },
    });
    expect(Object.keys((await observability.healthDetailed()).checks)).toContain(
      "circuit_breakers",
    );
    expect(await observability.prometheusMetrics()).toContain(
      'tasker_worker_health_status{check="database"} 1',
    );
    expect(await observability.metricsWorker()).toHaveProperty([
      "metrics",
      "tasker_worker_template_cache_entries",
    ]);
    expect(await observability.eventStats()).toMatchObject({ router: { total_routed: 3 } });
    expect(
      await observability.templatesList({
        includeCacheStats: true,
        namespace: "payments",
        limit: 1,
        offset: 1,
      }),
    ).toMatchObject({
      template_count: 2,
      templates: [{ name: "refund" }],
      cache_stats: { total_entries: 0 },
    });
    expect(await observability.templateGet(charge)).toMatchObject({
      template: { template: { name: "charge" }, environment: "test" },
      cached: false,
    });
    expect(await observability.templateValidate(charge)).toMatchObject({ valid: true });
    expect(await observability.cacheStats()).toMatchObject({ total_entries: 1, misses: 1 });
    expect(await observability.templateRefresh(charge)).toMatchObject({
      operation: "refresh",
      success: true,
    });
    expect(await observability.cacheMaintain()).toMatchObject({
      operation: "maintain",
      success: true,
    });
    expect(await observability.cacheClear()).toMatchObject({ operation: "clear", success: true });
    expect(await observability.config()).toMatchObject({
      environment: "test",
      metadata: { redacted_fields: expect.arrayContaining(["common.database.url"]) },
    });
    expect(await observability.environment()).toBe("test");
    expect([await observability.ready(), await observability.alive()]).toEqual([true, true]);
  });

  it("is logged as JSON with the names of its services only", () => {
    expect(JSON.stringify(createSampleWorker().observability)).toBe(
      '{"services":["health","metrics","templates","config","work"]}',
    );
    expect(JSON.stringify(createObservability({ config: resolveConfig({}, { env: {} }) }))).toBe(
      '{"services":["config"]}',
    );
  });

  it("gives the service's own frozen object, not a copy of it", async () => {
    expect(Object.isFrozen(await createSampleWorker().observability.healthBasic())).toBe(true);
  });

  it("is not ready while a required check is unhealthy, and dead once liveness says so", async () => {
    const worker = createSampleWorker();
    worker.database = "unhealthy";
    worker.context.liveness.report("pool", "pool_dead");
    expect([await worker.observability.ready(), await worker.observability.alive()]).toEqual([
      false,
      false,
    ]);
  });

  it("resolves to a refresh without success for a template that is missing", async () => {
    const { observability } = createSampleWorker();
    expect(await observability.templateRefresh({ ...charge, name: "nothing" })).toMatchObject({
      success: false,
    });
  });

  it.each([
    [
      "options that are no object",
      (facade: ObservabilityMethods) => facade.templatesList("payments" as never),
    ],
    [
      "an unknown option",
      (facade: ObservabilityMethods) => facade.templatesList({ nameSpace: "x" } as never),
    ],
    ["null", (facade: ObservabilityMethods) => facade.templateGet(null as never)],
    ["a function", (facade: ObservabilityMethods) => facade.templateGet((() => charge) as never)],
  ])("rejects %s with INVALID_PARAMS", async (_what, call) => {
    expect(await codeOf(call(createSampleWorker().observability))).toBe("INVALID_PARAMS");
  });

  it.each<[string, object]>([
    [
      "a getter that throws",
      {
        get namespace() {
          throw new Error("postgres://u:p@h/db");
        },
      },
    ],
    ["a revoked proxy", (({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable({}, {}))],
    ["a proxy that lies", new Proxy({}, { ownKeys: () => [7 as never] })],
  ])(
    "rejects the options of a list with INVALID_PARAMS, and passes nothing on, for %s",
    async (_what, options) => {
      const remote = connectObservability("/nonexistent/x.sock");
      for (const facade of [createSampleWorker().observability, remote]) {
        const error = await facade.templatesList(options).catch((reason: unknown) => reason);
        expect(error).toMatchObject({
          name: "ObservabilityError",
          code: "INVALID_PARAMS",
          message: "The options of templatesList cannot be read.",
        });
        expect((error as Error).cause).toBeUndefined();
      }
      await remote.close();
    },
  );

  it.each(["created", "stopped"] as const)(
    "rejects, and is neither ready nor alive, while the worker is %s",
    async (lifecycle) => {
      const { observability } = createSampleWorker({ lifecycle });
      expect(await codeOf(observability.healthBasic())).toBe("WORKER_NOT_RUNNING");
      expect([await observability.ready(), await observability.alive()]).toEqual([false, false]);
    },
  );

  it("can be called by a check that it runs itself", async () => {
    const context = createWorkerContext();
    const check = {
      name: "itself",
      run: async () =>
        ({
          status: (await observability.healthLive()).status === "alive" ? "healthy" : "unhealthy",
        }) as const,
    };
    const observability: HealthMethods & FacadeBase = createObservability({
      context,
      health: { checks: [check] },
    });
    expect(await observability.healthDetailed()).toMatchObject({
      checks: { itself: { status: "healthy" } },
    });
  });
});

describe("close", () => {
  it("may be called twice, also at once, and ends the answers", async () => {
    const { observability } = createSampleWorker();
    await Promise.all([observability.close(), observability.close()]);
    await observability.close();
    expect(await codeOf(observability.healthBasic())).toBe("WORKER_NOT_RUNNING");
    expect([await observability.ready(), await observability.alive()]).toEqual([false, false]);
  });

  it("ends the answers of whatever carries the facade's operations", async () => {
    const { observability } = createSampleWorker();
    const functions = createBridgeFunctions(observability.operations);
    await functions.health_ready();
    await observability.close();
    for (const call of Object.values<(params: never) => Promise<string>>(functions))
      expect(await codeOf(call({} as never))).toBe("WORKER_NOT_RUNNING");
  });

  it("settles the call that it falls upon", async () => {
    const context = createWorkerContext({
      ports: { database: { ping: () => new Promise(() => undefined), pool: () => null } },
    });
    const observability = createObservability({ context });
    const running = observability.healthReady();
    await observability.close();
    expect(await running).toMatchObject({
      status: "unhealthy",
      checks: { database: { status: "unhealthy" } },
    });
  });

  it("leaves the services that it was given, and the pool, open", async () => {
    const users = createPool(async () => ({ rows: [{}] }));
    const health = createHealthService({ database: users });
    const closed = vi.spyOn(health, "close");
    await createObservability({ health }).close();
    expect(closed).not.toHaveBeenCalled();
    const observability = createObservability({ database: users });
    expect(await observability.ready()).toBe(true);
    await observability.close();
    expect(users.end).not.toHaveBeenCalled();
  });

  it("takes its families off an application's registry, so that another facade may use it", async () => {
    const first = createMetricsService({ context: createWorkerContext() });
    first.close();
    const metrics = { registry: first.registry };
    await createObservability({ context: createWorkerContext(), metrics }).close();
    expect(() => createObservability({ context: createWorkerContext(), metrics })).not.toThrow();
    expect(() => createObservability({ context: createWorkerContext(), metrics })).toThrow();
  });
});
