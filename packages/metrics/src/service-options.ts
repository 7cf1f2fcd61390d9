import type { HealthSource, TemplateCacheSource, WorkerContext } from "@tasker-observability/core";
import { maxTimerMs, numberProblems, refuseProblems } from "./option-problems.js";
import type { MetricsRegistry } from "./registry/registered-families.js";

/** Options of `createMetricsService`. */
export interface MetricsServiceOptions {
  readonly context: WorkerContext;
  /** The application's registry, to share it. One registry holds one service. @default one of the service's own */
  readonly registry?: MetricsRegistry | undefined;
  /** Where `tasker_worker_health_status` comes from; a HealthService is one. @default no such family */
  readonly health?: HealthSource | undefined;
  /** Where the families of the template cache come from; a TemplateQueryService is one. @default no such families */
  readonly templateCache?: TemplateCacheSource | undefined;
  /** Whether to put Node's own numbers on the registry too. @default false */
  readonly nodeMetrics?: boolean | undefined;
  /** Milliseconds after which a collector's families are left out of a scrape. @default 2000 */
  readonly collectorTimeoutMs?: number | undefined;
  /** Milliseconds for which one collection answers later scrapes too; 0 shares only between concurrent ones. @default 0 */
  readonly cacheTtlMs?: number | undefined;
  /** Namespaces in a family of steps, combinations of label values in any other; the rest is folded into `__other__`. @default 1000 */
  readonly maxLabelValues?: number | undefined;
}

const known: Readonly<Record<keyof MetricsServiceOptions, true>> = {
  context: true,
  registry: true,
  health: true,
  templateCache: true,
  nodeMetrics: true,
  collectorTimeoutMs: true,
  cacheTtlMs: true,
  maxLabelValues: true,
};
const ofContext: readonly (keyof WorkerContext)[] = ["clock", "identity", "ports", "steps"];
const ofRegistry: readonly (keyof MetricsRegistry)[] = ["getMetricsAsArray", "getSingleMetric", "registerMetric", "removeSingleMetric"];

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: MetricsServiceOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const { context, registry, health, templateCache, nodeMetrics, collectorTimeoutMs, cacheTtlMs, maxLabelValues } = given;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  refuseProblems([
    ...(unknown.length === 0 ? [] : [`createMetricsService knows no option ${unknown.join(", ")}: it takes ${Object.keys(known).join(", ")}.`]),
    ...(hasAll(context, ofContext, "object") ? [] : ["context must be what createWorkerContext() made."]),
    ...(registry === undefined || hasAll(registry, ofRegistry, "function") ? [] : ["registry must be a Registry of prom-client."]),
    ...(health === undefined || hasAll(health, ["statuses"], "function") ? [] : ["health must be a HealthService, or have statuses() as it has."]),
    ...(templateCache === undefined || hasAll(templateCache, ["counts"], "function") ? [] : ["templateCache must be a TemplateQueryService, or have counts() as it has."]),
    ...(nodeMetrics === undefined || typeof nodeMetrics === "boolean" ? [] : ["nodeMetrics must be true or false."]),
    ...numberProblems("collectorTimeoutMs", collectorTimeoutMs, 1, maxTimerMs),
    ...numberProblems("cacheTtlMs", cacheTtlMs, 0, Number.MAX_SAFE_INTEGER),
    ...numberProblems("maxLabelValues", maxLabelValues, 1, 1_000_000),
  ]);
}

/** By what it has, not by its class: there may be two copies of a package in a process. */
function hasAll(value: unknown, members: readonly string[], type: "function" | "object"): boolean {
  if (typeof value !== "object" || value === null) return false;
  return members.every((member) => typeof (value as Readonly<Record<string, unknown>>)[member] === type);
}
