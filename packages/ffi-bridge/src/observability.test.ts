import {
  createWorkerContext,
  ObservabilityError,
  operationNames,
} from "@tasker-observability/core";
import { createHealthService, type HealthServiceOptions } from "@tasker-observability/health";
import { createConfigService, resolveConfig } from "@tasker-observability/config";
import { createMetricsService } from "@tasker-observability/metrics";
import { createTemplateService, type TemplateSource } from "@tasker-observability/templates";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { createObservability, type ObservabilityOptions } from "./observability.js";
import type {
  ConfigMethods,
  FacadeBase,
  HealthMethods,
  MetricsMethods,
  ObservabilityMethods,
  TemplateMethods,
} from "./observability-methods.js";
import { createBridgeFunctions } from "./functions.js";
import { connectObservability } from "./socket-client.js";
import { createSampleWorker } from "./testing/sample-worker.js";

const charge = { namespace: "payments", name: "charge", version: "1.0.0" };
const source: TemplateSource = {
  find: async () => null,
  refetch: async () => null,
  list: async () => ({ total: 0, templates: [] }),
  namespaces: async () => [],
};
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "resolved",
    (error: unknown) => (error as ObservabilityError).code,
  );
const pool = (query: () => Promise<{ rows: unknown[] }>) => ({
  connect: async () => ({ query, release: () => undefined }),
  totalCount: 1,
  idleCount: 1,
  waitingCount: 0,
  options: { max: 10 },
  query,
  end: vi.fn(),
});

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
      template: { name: "charge" },
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
      '{"services":["health","metrics","templates","config"]}',
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
    const users = pool(async () => ({ rows: [{}] }));
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

describe("createObservability", () => {
  it("makes health and metrics of a pool alone, which stays the user's", async () => {
    const observability = createObservability({ database: pool(async () => ({ rows: [{}] })) });
    expect(Object.keys((await observability.healthReady()).checks).sort()).toEqual([
      "database",
      "lifecycle",
    ]);
    expect(await observability.prometheusMetrics()).toContain("tasker_worker_db_pool_size 1");
  });

  it("answers one worker id from every service, the configuration's where it is given", async () => {
    const config = resolveConfig(
      { worker: { worker_id: "orders-7" } },
      { env: {}, environment: "production" },
    );
    const observability = createObservability({
      config,
      health: {},
      metrics: {},
      templates: { source },
    });
    const ids = [
      (await observability.healthBasic()).worker_id,
      (await observability.metricsWorker()).worker_id,
    ];
    expect(ids).toEqual(["orders-7", "orders-7"]);
    expect((await observability.healthReady()).system_info.environment).toBe("production");
  });

  it("takes services that are made already", async () => {
    const context = createWorkerContext({ workerId: "own-1" });
    const config = createConfigService({ context, config: resolveConfig({}, { env: {} }) });
    const observability = createObservability({
      health: createHealthService({ context }),
      metrics: createMetricsService({ context }),
      templates: createTemplateService({ context, source }),
      config,
    });
    expect(Object.keys(observability.operations).sort()).toEqual(
      operationNames.filter((name) => name !== "metrics_events").sort(),
    );
    expect((await observability.healthBasic()).worker_id).toBe("own-1");
  });

  it("takes a service that only answers like one", async () => {
    const context = createWorkerContext();
    const basic = {
      status: "healthy",
      timestamp: "2025-01-01T00:00:00.000Z",
      worker_id: "double",
    } as const;
    const refuse = async () => Promise.reject(new ObservabilityError("TIMEOUT", "no"));
    const observability = createObservability({
      health: {
        context,
        basicHealth: async () => basic,
        liveness: refuse,
        readiness: refuse,
        detailed: refuse,
      },
    });
    expect(await observability.healthBasic()).toBe(basic);
    expect([await observability.ready(), await codeOf(observability.healthLive())]).toEqual([
      false,
      "TIMEOUT",
    ]);
  });

  it("has every method at run time; one without its service rejects with SERVICE_NOT_INSTALLED", async () => {
    const observability = createObservability({
      config: resolveConfig({}, { env: {} }),
    }) as unknown as ObservabilityMethods;
    expect(await codeOf(observability.healthBasic())).toBe("SERVICE_NOT_INSTALLED");
    expect(await codeOf(observability.templatesList())).toBe("SERVICE_NOT_INSTALLED");
    expect(await observability.ready()).toBe(false);
  });

  it("rejects eventStats with SERVICE_NOT_INSTALLED where the worker has no domain events", async () => {
    expect(
      await codeOf(createSampleWorker({ domainEvents: false }).observability.eventStats()),
    ).toBe("SERVICE_NOT_INSTALLED");
  });

  it.each([
    ["no options", undefined, "takes an object with the options context, "],
    ["null", null, "takes an object with the options context, "],
    [
      "a configuration that is none",
      { config: {} },
      "config lacks environment, settings, redactor: loadConfig gives one.",
    ],
    [
      "such a one beside a context",
      { context: createWorkerContext(), config: {} },
      "config lacks environment",
    ],
    [
      "templates without a source",
      { templates: {} },
      "source must be a TemplateSource, but is missing. createYamlFolderSource() ",
    ],
    [
      "a context that is none",
      { context: {} },
      "context must be a WorkerContext, but lacks identity",
    ],
    [
      "null for a context",
      { context: null },
      "context must be a WorkerContext, not null. createWorkerContext() makes one.",
    ],
    ["nothing", {}, "nothing to ask about"],
    ["only undefined", { context: undefined }, "nothing to ask about"],
    [
      "a misspelt option",
      { databse: 1 },
      'Unknown option "databse" of createObservability. Did you mean "database"?',
    ],
    [
      "a misspelt option of a service",
      { health: { checkTimeoutMz: 5 } },
      'Unknown option "checkTimeoutMz" of createHealthService. Did you mean "checkTimeoutMs"?',
    ],
    ["a policy that is none", { context: createWorkerContext(), policy: {} }, "policy must be"],
    [
      "a health service without a context",
      {
        health: {
          ...Object.fromEntries(
            ["basicHealth", "liveness", "readiness", "detailed"].map((name) => [
              name,
              async () => null,
            ]),
          ),
        },
      },
      "The health service lacks a context",
    ],
    [
      "half a service",
      { templates: { listTemplates: async () => null } },
      "The templates service lacks getTemplate",
    ],
    ["null for a service", { health: null }, "health is neither a service nor options for one"],
    ["a database that is none", { database: 7 }, "database must be a pg Pool"],
    [
      "a database beside a service",
      { database: pool(async () => ({ rows: [] })), health: createHealthService() },
      "database belongs to",
    ],
    ["options that the service refuses", { health: { cacheTtlMs: -1 } }, "cacheTtlMs"],
  ])("rejects %s at once", (_what, options, message) => {
    expect(() => createObservability(options as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe("its type", () => {
  const context = createWorkerContext();
  const config = resolveConfig({}, { env: {} });

  it("has the methods of the services that the options give or make, and no others", () => {
    expectTypeOf(createObservability({ context })).toEqualTypeOf<
      FacadeBase & HealthMethods & MetricsMethods
    >();
    expectTypeOf(createObservability({ config })).toEqualTypeOf<FacadeBase & ConfigMethods>();
    expectTypeOf(createObservability({ templates: { source } })).toEqualTypeOf<
      FacadeBase & TemplateMethods
    >();
    expectTypeOf(createObservability({ health: createHealthService(), config })).toEqualTypeOf<
      FacadeBase & HealthMethods & ConfigMethods
    >();
    expectTypeOf(createObservability({ metrics: createMetricsService({ context }) })).toEqualTypeOf<
      FacadeBase & MetricsMethods
    >();
  });

  it("promises nothing for an option that may be undefined", () => {
    const maybe = config as typeof config | undefined;
    const observability = createObservability({ health: {}, config: maybe });
    expectTypeOf(observability).toHaveProperty("healthBasic");
    expectTypeOf(observability).not.toHaveProperty("config");
  });

  it("rejects misspelt options, also those of a service that it makes", () => {
    const checks: HealthServiceOptions["checks"] = [];
    // @ts-expect-error no such option
    expect(() => createObservability({ context, databse: 1 })).toThrow("databse");
    // @ts-expect-error no such option of health
    expect(() => createObservability({ context, health: { checks, checkTimeoutMz: 5 } })).toThrow(
      "checkTimeoutMz",
    );
    // @ts-expect-error no such option of metrics
    expect(() => createObservability({ context, metrics: { cacheTtl: 5 } })).toThrow("cacheTtl");
    // @ts-expect-error no such option of templates
    expect(() => createObservability({ templates: { source, cacheTtl: 5 } })).toThrow("cacheTtl");
  });

  it("takes options from a variable, and a service with more methods than it needs", () => {
    const options: ObservabilityOptions = { context };
    const health: HealthServiceOptions = { slowMs: 5 };
    const maybe = health as { readonly slowMs: number } | undefined;
    const service = Object.assign(createMetricsService({ context }), { more: 1 });
    expectTypeOf(createObservability(options)).toExtend<FacadeBase>();
    expectTypeOf(createObservability({ context, health: maybe })).toExtend<
      FacadeBase & HealthMethods
    >();
    expectTypeOf(createObservability({ context, metrics: service })).toExtend<
      FacadeBase & HealthMethods & MetricsMethods
    >();
  });

  it("is the whole facade where everything is given", () => {
    expectTypeOf(createObservability({ context, config, templates: { source } })).toExtend<
      ObservabilityMethods & FacadeBase
    >();
  });
});
