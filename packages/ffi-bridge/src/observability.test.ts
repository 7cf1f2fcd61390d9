import {
  createWorkerContext,
  ObservabilityError,
  operationNames,
} from "@tasker-observability/core";
import { createHealthService } from "@tasker-observability/health";
import { createConfigService, resolveConfig } from "@tasker-observability/config";
import { createMetricsService } from "@tasker-observability/metrics";
import { createWorkService } from "@tasker-observability/work";
import { createTemplateService, type TemplateSource } from "@tasker-observability/templates";
import { describe, expect, it } from "vitest";
import { createObservability } from "./observability.js";
import type { ObservabilityMethods } from "./observability-methods.js";
import { createPool } from "./testing/given-pool.js";
import { createSampleWorker } from "./testing/sample-worker.js";
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

describe("createObservability", () => {
  it("makes health and metrics of a pool alone, which stays the user's", async () => {
    const observability = createObservability({
      database: createPool(async () => ({ rows: [{}] })),
    });
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

  it.each([
    ["environment", { environment: "test", workerId: "orders-7" }],
    ["worker_id", { environment: "production", workerId: "orders-8" }],
  ])("refuses a context and a configuration that differ in the %s", (what, identity) => {
    const config = resolveConfig(
      { worker: { worker_id: "orders-7" } },
      { env: {}, environment: "production" },
    );
    const context = createWorkerContext(identity);
    for (const given of [config, createConfigService({ config })])
      expect(() => createObservability({ config: given, context })).toThrow(
        `config has a different ${what} than context`,
      );
  });

  it("accepts a context with a configuration of the same worker, or of one without an id", async () => {
    for (const worker of [{ worker_id: "orders-7" }, {}]) {
      const config = resolveConfig({ worker }, { env: {}, environment: "production" });
      const context = createWorkerContext({ environment: "production", workerId: "orders-7" });
      for (const given of [config, createConfigService({ config })])
        expect(await createObservability({ config: given, context }).environment()).toBe(
          "production",
        );
    }
  });

  it("accepts existing services", async () => {
    const context = createWorkerContext({ workerId: "own-1" });
    const config = createConfigService({ context, config: resolveConfig({}, { env: {} }) });
    const observability = createObservability({
      health: createHealthService({ context }),
      metrics: createMetricsService({ context }),
      templates: createTemplateService({ context, source }),
      config,
      work: createWorkService({ context }),
    });
    expect(Object.keys(observability.operations).sort()).toEqual(
      operationNames.filter((name) => name !== "metrics_events").sort(),
    );
    expect((await observability.healthBasic()).worker_id).toBe("own-1");
  });

  it("accepts a service that only answers like one", async () => {
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

  it("rejects eventStats with SERVICE_NOT_INSTALLED if the worker has no domain events", async () => {
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
    ["nothing", {}, "needs something to report on"],
    ["only undefined", { context: undefined }, "needs something to report on"],
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
      { database: createPool(async () => ({ rows: [] })), health: createHealthService() },
      "database is only for",
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
