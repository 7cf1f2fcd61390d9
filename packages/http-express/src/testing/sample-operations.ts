import {
  createWorkerContext,
  defineOperation,
  ObservabilityError,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
import { z } from "zod";

const none = z.strictObject({});
const identity = z.strictObject({ namespace: z.string(), name: z.string(), version: z.string() });
const echoSchema = z.object({ operation: z.string(), params: z.record(z.string(), z.unknown()) });
const json = ["application/json"] as const;

/** Media types as Prometheus sends and expects them. */
export const plainText = "text/plain; version=0.0.4; charset=utf-8";
export const openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** What the sample operations do, as far as a test turns it. */
export interface SampleWorker {
  readonly context: WorkerContext;
  ready: boolean;
  refresh: "ok" | "not_found" | "upstream_failed";
  /** Budgets of the scrapes so far. */
  readonly scrapeBudgets: number[];
  /** How often a write was run. */
  writes: number;
  /** Signals of the calls that never answer. */
  readonly hanging: AbortSignal[];
}

/** A small worker of every kind of operation, without any service behind it. */
export function createSampleWorker(options: WorkerContextOptions = {}): {
  worker: SampleWorker;
  operations: ReturnType<typeof createOperations>;
} {
  const context = createWorkerContext({ workerId: "worker-1", ...options });
  const worker: SampleWorker = {
    context,
    ready: true,
    refresh: "ok",
    scrapeBudgets: [],
    writes: 0,
    hanging: [],
  };
  return { worker, operations: createOperations(worker) };
}

function createOperations(worker: SampleWorker) {
  return {
    ...createHealth(worker),
    ...createMetrics(worker),
    ...createTemplates(worker),
    ...createConfig(worker),
  };
}

function createHealth(worker: SampleWorker) {
  const shared = {
    group: "health",
    access: "read",
    params: none,
    mediaTypes: json,
    context: worker.context,
  } as const;
  const statusSchema = z.object({
    status: z.string(),
    timestamp: z.iso.datetime(),
    worker_id: z.string(),
  });
  const statusNow = (status: string) => ({
    status,
    timestamp: worker.context.timestamp(),
    worker_id: "worker-1",
  });
  return {
    health_basic: defineOperation({
      ...shared,
      name: "health_basic",
      exposure: "probe",
      result: statusSchema,
      run: async () => statusNow("healthy"),
    }),
    health_ready: defineOperation({
      ...shared,
      name: "health_ready",
      exposure: "probe",
      result: statusSchema,
      verdict: ({ status }) => (status === "healthy" ? "ok" : "unavailable"),
      run: async () => statusNow(worker.ready ? "healthy" : "unhealthy"),
    }),
    health_detailed: defineOperation({
      ...shared,
      name: "health_detailed",
      exposure: "detail",
      result: statusSchema,
      run: async () => {
        throw Object.assign(new Error("connect ECONNREFUSED db.internal:5432 as admin, select 1"), {
          code: "ECONNREFUSED",
        });
      },
    }),
  };
}

function createMetrics(worker: SampleWorker) {
  return {
    metrics_prometheus: defineOperation({
      name: "metrics_prometheus",
      group: "metrics",
      access: "read",
      exposure: "probe",
      params: none,
      result: z.string(),
      mediaTypes: [plainText, openMetrics],
      context: worker.context,
      run: async (_params, { budgetMs, mediaType }) => {
        worker.scrapeBudgets.push(budgetMs);
        return mediaType === openMetrics ? "up 1\n# EOF\n" : "up 1\n";
      },
    }),
  };
}

function createTemplates(worker: SampleWorker) {
  const shared = {
    group: "templates",
    exposure: "detail",
    result: echoSchema,
    mediaTypes: json,
    context: worker.context,
  } as const;
  const list = z.strictObject({
    include_cache_stats: z.boolean().default(false),
    namespace: z.string().optional(),
    limit: z.int().min(1).optional(),
    offset: z.int().min(0).default(0),
  });
  const echo = (operation: string) => async (params: Record<string, unknown>) => ({
    operation,
    params,
  });
  const write = (operation: string) => async (params: Record<string, unknown>) => {
    worker.writes += 1;
    return { operation, params };
  };
  return {
    templates_list: defineOperation({
      ...shared,
      name: "templates_list",
      access: "read",
      params: list,
      run: echo("templates_list"),
    }),
    templates_cache_stats: defineOperation({
      ...shared,
      name: "templates_cache_stats",
      access: "read",
      params: none,
      run: echo("templates_cache_stats"),
    }),
    templates_cache_clear: defineOperation({
      ...shared,
      name: "templates_cache_clear",
      access: "write",
      params: none,
      run: write("templates_cache_clear"),
    }),
    template_get: defineOperation({
      ...shared,
      name: "template_get",
      access: "read",
      params: identity,
      run: async (params) => {
        if (params.namespace === "missing")
          throw new ObservabilityError("TEMPLATE_NOT_FOUND", "No such template.");
        return echo("template_get")(params);
      },
    }),
    template_validate: defineOperation({
      ...shared,
      name: "template_validate",
      access: "read",
      params: identity,
      run: echo("template_validate"),
    }),
    template_refresh: defineOperation({
      ...shared,
      name: "template_refresh",
      access: "write",
      params: identity,
      verdict: () => worker.refresh,
      run: write("template_refresh"),
    }),
  };
}

function createConfig(worker: SampleWorker) {
  return {
    config_runtime: defineOperation({
      name: "config_runtime",
      group: "config",
      access: "read",
      exposure: "detail",
      params: none,
      result: z.object({}),
      mediaTypes: json,
      context: worker.context,
      run: (_params, call) => {
        worker.hanging.push(call.signal);
        return new Promise<Record<string, never>>(() => undefined);
      },
    }),
  };
}
