import {
  operationsFor,
  type OperationsOfGroup,
  type WorkerContext,
} from "@tasker-observability/core";
import * as z from "zod";
import { type DomainEventStats, domainEventStatsSchema } from "./domain-event-stats.js";
import { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "./media-types.js";
import type { ScrapeOptions, TextScrapeOptions } from "./scrape-options.js";
import { type WorkerMetrics, workerMetricsSchema } from "./worker-metrics.js";

/** What the operations need of a service. A MetricsService of any copy of this package has it. */
export interface MetricsQueries {
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock" | "ports">;
  /** All samples as text. @throws ObservabilityError WORKER_NOT_RUNNING once closed. */
  prometheusFormat(options?: TextScrapeOptions): Promise<string>;
  /** The same samples as data. @throws ObservabilityError WORKER_NOT_RUNNING once closed. */
  collectMetrics(options?: ScrapeOptions): Promise<WorkerMetrics>;
  /** Counts of domain events. @throws ObservabilityError SERVICE_NOT_INSTALLED without the port, WORKER_NOT_RUNNING once closed. */
  domainEventStats(): Promise<DomainEventStats>;
}

/** Makes the operations that transports carry; `metrics_events` only if there are domain events to ask about. */
export function createMetricsOperations(service: MetricsQueries): MetricsOperations {
  const { metrics_events, ...always } = createAll(service);
  if (service.context.ports.domainEvents === undefined) return Object.freeze(always);
  return Object.freeze({ ...always, metrics_events });
}

function createAll(service: MetricsQueries) {
  const operation = operationsFor(service.context, z.strictObject({}));
  return {
    metrics_prometheus: operation("metrics_prometheus", {
      result: z.string().describe("Prometheus text 0.0.4, or OpenMetrics 1.0.0 on request."),
      run: (_params, { budgetMs, mediaType }) =>
        service.prometheusFormat({
          budgetMs,
          mediaType: mediaType === OPENMETRICS_TEXT ? OPENMETRICS_TEXT : PROMETHEUS_TEXT,
        }),
    }),
    metrics_worker: operation("metrics_worker", {
      result: workerMetricsSchema,
      run: (_params, { budgetMs }) => service.collectMetrics({ budgetMs }),
    }),
    metrics_events: operation("metrics_events", {
      result: domainEventStatsSchema,
      run: () => service.domainEventStats(),
    }),
  } satisfies OperationsOfGroup<"metrics">;
}

type All = ReturnType<typeof createAll>;

/** The operations of the metrics service by name; `metrics_events` is absent if the worker has no DomainEvents port. */
export type MetricsOperations = Readonly<
  Omit<All, "metrics_events"> & Partial<Pick<All, "metrics_events">>
>;
