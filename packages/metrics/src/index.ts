export {
  createWorkerContext,
  ObservabilityError,
  type ErrorCode,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
export {
  type DomainEventStats,
  domainEventStatsSchema,
  type EventRouterStats,
  eventRouterStatsSchema,
  type InProcessEventBusStats,
  inProcessEventBusStatsSchema,
} from "./domain-event-stats.js";
export type { CustomCollector, CustomSample } from "./collectors/custom-collector.js";
export { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "./media-types.js";
export {
  createMetricsOperations,
  type MetricsOperations,
  type MetricsQueries,
} from "./metrics-operations.js";
export type { MetricsRegistry } from "./registry/registered-families.js";
export { createMetricsService, type MetricsService } from "./metrics-service.js";
export type { ScrapeOptions, TextScrapeOptions } from "./scrape-options.js";
export { type MetricsServiceOptions, metricsServiceOptionsSchema } from "./service-options.js";
export { type MetricsPush, pushMetrics } from "./push/push-metrics.js";
export { type PushMetricsOptions, pushMetricsOptionsSchema } from "./push/push-options.js";
export {
  type Sample,
  sampleSchema,
  type WorkerMetrics,
  workerMetricsSchema,
} from "./worker-metrics.js";
