import {
  createWorkerContext,
  ObservabilityError,
  operationsFor,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
import * as z from "zod";

const none = z.strictObject({});
const identity = z.strictObject({ namespace: z.string(), name: z.string(), version: z.string() });
const echoSchema = z.object({ operation: z.string(), params: z.record(z.string(), z.unknown()) });

/** Media types as Prometheus sends and expects them. */
export const plainText = "text/plain; version=0.0.4; charset=utf-8";
export const openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** What the sample operations do; tests change it. */
export interface SampleWorker {
  readonly context: WorkerContext;
  ready: boolean;
  refresh: "ok" | "not_found" | "upstream_failed";
  /** Budgets of the scrapes so far. */
  readonly scrapeBudgets: number[];
  /** How often a write operation ran. */
  writes: number;
  /** Signals of calls that never answer. */
  readonly hanging: AbortSignal[];
}

/** A sample worker with each kind of operation, without services. */
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
  const operation = operationsFor(worker.context, none);
  const result = z.object({
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
    health_basic: operation("health_basic", { result, run: async () => statusNow("healthy") }),
    health_ready: operation("health_ready", {
      result,
      verdict: ({ status }) => (status === "healthy" ? "ok" : "unavailable"),
      run: async () => statusNow(worker.ready ? "healthy" : "unhealthy"),
    }),
    health_detailed: operation("health_detailed", {
      result,
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
    metrics_prometheus: operationsFor(worker.context, none)("metrics_prometheus", {
      result: z.string(),
      run: async (_params, { budgetMs, mediaType }) => {
        worker.scrapeBudgets.push(budgetMs);
        return mediaType === openMetrics ? "up 1\n# EOF\n" : "up 1\n";
      },
    }),
  };
}

function createTemplates(worker: SampleWorker) {
  const operation = operationsFor(worker.context, none);
  const list = z.strictObject({
    include_cache_stats: z.boolean().default(false),
    namespace: z.string().optional(),
    limit: z.int().min(1).optional(),
    offset: z.int().min(0).default(0),
  });
  const result = echoSchema;
  const echo = (name: string) => async (params: Record<string, unknown>) => ({
    operation: name,
    params,
  });
  const write = (name: string) => async (params: Record<string, unknown>) => {
    worker.writes += 1;
    return { operation: name, params };
  };
  return {
    templates_list: operation("templates_list", {
      params: list,
      result,
      run: echo("templates_list"),
    }),
    templates_cache_stats: operation("templates_cache_stats", {
      result,
      run: echo("templates_cache_stats"),
    }),
    templates_cache_clear: operation("templates_cache_clear", {
      result,
      run: write("templates_cache_clear"),
    }),
    template_get: operation("template_get", {
      params: identity,
      result,
      run: async (params) => {
        if (params.namespace === "missing")
          throw new ObservabilityError("TEMPLATE_NOT_FOUND", "No such template.");
        return echo("template_get")(params);
      },
    }),
    template_validate: operation("template_validate", {
      params: identity,
      result,
      run: echo("template_validate"),
    }),
    template_refresh: operation("template_refresh", {
      params: identity,
      result,
      verdict: () => worker.refresh,
      run: write("template_refresh"),
    }),
  };
}

function createConfig(worker: SampleWorker) {
  return {
    config_runtime: operationsFor(worker.context, none)("config_runtime", {
      result: z.object({}),
      run: (_params, call) => {
        worker.hanging.push(call.signal);
        return new Promise<Record<string, never>>(() => undefined);
      },
    }),
  };
}
