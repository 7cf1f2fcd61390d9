import type { HealthSource, TemplateCacheSource, WorkerContext } from "@tasker-observability/core";
import {
  delayProblems,
  givenOptions,
  hasAll,
  nameProblems,
  numberProblems,
  refuseProblems,
  shapeProblems,
} from "@tasker-observability/core/options";
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
const ofRegistry: readonly (keyof MetricsRegistry)[] = [
  "getMetricsAsArray",
  "getSingleMetric",
  "registerMetric",
  "removeSingleMetric",
];

/** @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options. */
export function refuseWrongOptions(options: MetricsServiceOptions): void {
  const {
    context,
    registry,
    health,
    templateCache,
    nodeMetrics,
    collectorTimeoutMs,
    cacheTtlMs,
    maxLabelValues,
  } = givenOptions(options);
  refuseProblems([
    ...nameProblems("createMetricsService", options, Object.keys(known)),
    ...(hasAll(context, ofContext, "object")
      ? []
      : ["context must be what createWorkerContext() made."]),
    ...shapeProblems(registry, ofRegistry, "registry must be a Registry of prom-client."),
    ...shapeProblems(
      health,
      ["statuses"],
      "health must be a HealthService, or have statuses() as it has.",
    ),
    ...shapeProblems(
      templateCache,
      ["counts"],
      "templateCache must be a TemplateQueryService, or have counts() as it has.",
    ),
    ...(nodeMetrics === undefined || typeof nodeMetrics === "boolean"
      ? []
      : ["nodeMetrics must be true or false."]),
    ...delayProblems("collectorTimeoutMs", collectorTimeoutMs),
    ...numberProblems("cacheTtlMs", cacheTtlMs, { least: 0, most: Number.MAX_SAFE_INTEGER }),
    ...numberProblems("maxLabelValues", maxLabelValues, { least: 1, most: 1_000_000 }),
  ]);
}
