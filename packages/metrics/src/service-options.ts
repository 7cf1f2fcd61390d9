import type { HealthSource, TemplateCacheSource } from "@tasker-observability/core";
import {
  contextOption,
  delayMs,
  objectLike,
  valueOption,
  wholeNumberOption,
} from "@tasker-observability/core/options";
import * as z from "zod";
import { customCollectorsOption } from "./collectors/custom-collector.js";
import type { MetricsRegistry } from "./registry/registered-families.js";

const maxBuckets = 100;

/** prom-client refuses bounds that do not ascend, and takes NaN for one. */
const bucketsOption = valueOption<readonly number[]>(
  `1 to ${maxBuckets} positive numbers of seconds, ascending`,
  isBuckets,
  "number[], s",
);

function isBuckets(bounds: unknown): boolean {
  return (
    Array.isArray(bounds) &&
    bounds.length > 0 &&
    bounds.length <= maxBuckets &&
    bounds.every(
      (bound, index) =>
        typeof bound === "number" &&
        bound < Number.POSITIVE_INFINITY &&
        bound > (index === 0 ? 0 : Number(bounds[index - 1])),
    )
  );
}

/** The schema of {@link MetricsServiceOptions}, with the defaults. */
export const metricsServiceOptionsSchema = z.strictObject({
  /** The worker to answer for; its ports decide which families exist. */
  context: contextOption,
  /** The application's registry: your `/metrics` then shows our families, and ours shows yours. A registry takes one service. @default the service's own */
  registry: z.optional(
    objectLike<MetricsRegistry>({
      name: "a Registry of prom-client",
      methods: ["getMetricsAsArray", "getSingleMetric", "registerMetric", "removeSingleMetric"],
    }),
  ),
  /** The source of `tasker_worker_health_status`, such as a HealthService. @default none, and no such family */
  health: z.optional(objectLike<HealthSource>({ name: "a HealthSource", methods: ["statuses"] })),
  /** The source of the families of the template cache, such as a TemplateService. @default none, and no such families */
  templateCache: z.optional(
    objectLike<TemplateCacheSource>({
      name: "a TemplateCacheSource",
      methods: ["counts"],
    }),
  ),
  /** Metrics of your own: `{ name, help, type, labels?, collect }[]`. @default none */
  collectors: customCollectorsOption.default([]),
  /** Whether to register Node's own metrics too; prom-client then watches them until the process ends. @default false */
  nodeMetrics: z.boolean().default(false),
  /** Upper bounds of the histogram of step durations, in seconds, ascending. @default 0.005 to 300 in 14 steps */
  durationBuckets: z.optional(bucketsOption),
  /** Upper bounds of the histogram of step waits, in seconds, ascending. @default 0.005 to 1800 in 14 steps */
  waitBuckets: z.optional(bucketsOption),
  /** How long a collector may take before a scrape omits its families. @default 2000 */
  collectorTimeoutMs: z._default(delayMs(), 2_000),
  /** How long a collection is reused for later scrapes; 0 shares it only between concurrent ones. @default 0 */
  cacheTtlMs: z._default(wholeNumberOption(0, Number.MAX_SAFE_INTEGER, { unit: "ms" }), 0),
  /** The most namespaces and steps in a family of steps, and combinations of label values in other families; the rest is folded into `__other__`. @default 1000 */
  maxLabelValues: z._default(wholeNumberOption(1, 1_000_000), 1_000),
});
/** Options of `createMetricsService`. */
export type MetricsServiceOptions = z.input<typeof metricsServiceOptionsSchema>;
/** The options with their defaults filled in. */
export type ResolvedMetricsOptions = z.output<typeof metricsServiceOptionsSchema>;
