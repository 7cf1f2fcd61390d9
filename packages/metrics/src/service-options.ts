import type { HealthSource, TemplateCacheSource } from "@tasker-observability/core";
import {
  contextOption,
  delayMs,
  objectLike,
  wholeNumberOption,
} from "@tasker-observability/core/options";
import * as z from "zod";
import { customCollectorsOption } from "./collectors/custom-collector.js";
import type { MetricsRegistry } from "./registry/registered-families.js";

/** The schema of {@link MetricsServiceOptions}, with the defaults. */
export const metricsServiceOptionsSchema = z.strictObject({
  /** The worker to answer for; its ports decide which families exist. */
  context: contextOption,
  /** The application's registry, to share it: your `/metrics` shows our families, and ours yours. One registry takes one service. @default the service's own */
  registry: z.optional(
    objectLike<MetricsRegistry>({
      name: "a Registry of prom-client",
      methods: ["getMetricsAsArray", "getSingleMetric", "registerMetric", "removeSingleMetric"],
    }),
  ),
  /** Where `tasker_worker_health_status` comes from; a HealthService is one. @default none, and no such family */
  health: z.optional(objectLike<HealthSource>({ name: "a HealthSource", methods: ["statuses"] })),
  /** Where the families of the template cache come from; a TemplateService is one. @default none, and no such families */
  templateCache: z.optional(
    objectLike<TemplateCacheSource>({
      name: "a TemplateCacheSource",
      methods: ["counts"],
    }),
  ),
  /** Metrics of your own: `{ name, help, type, labels?, collect }[]`. @default none */
  collectors: customCollectorsOption.default([]),
  /** Whether to put Node's own numbers on the registry too; prom-client goes on watching them until the process ends. @default false */
  nodeMetrics: z.boolean().default(false),
  /** After how long a collector's families are left out of a scrape. @default 2000 */
  collectorTimeoutMs: z._default(delayMs(), 2_000),
  /** How long one collection answers later scrapes too; 0 shares only between concurrent ones. @default 0 */
  cacheTtlMs: z._default(wholeNumberOption(0, Number.MAX_SAFE_INTEGER, { unit: "ms" }), 0),
  /** Namespaces and steps of templates in a family of steps, combinations of label values in any other; the rest is folded into `__other__`. @default 1000 */
  maxLabelValues: z._default(wholeNumberOption(1, 1_000_000), 1_000),
});
/** Options of `createMetricsService`. */
export type MetricsServiceOptions = z.input<typeof metricsServiceOptionsSchema>;
/** The options with their defaults filled in. */
export type ResolvedMetricsOptions = z.output<typeof metricsServiceOptionsSchema>;
