import { defineOperation, type Operation, type WorkerContext } from "@tasker-observability/core";
import { z } from "zod";
import { domainEventStatsSchema } from "./domain-event-stats.js";
import { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "./media-types.js";
import type { MetricsService } from "./metrics-service.js";
import { workerMetricsSchema } from "./worker-metrics.js";

const noParams = z.strictObject({});

/** What the operations need of a service: a MetricsService of any copy of this package has it. */
export interface MetricsQueries extends Pick<
  MetricsService,
  "prometheusFormat" | "collectMetrics" | "domainEventStats"
> {
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock" | "ports">;
}

type NoParams = typeof noParams;

/** The operations of the metrics service by name. */
export type MetricsOperations = {
  readonly metrics_prometheus: Operation<"metrics_prometheus", NoParams, z.ZodString>;
  readonly metrics_worker: Operation<"metrics_worker", NoParams, typeof workerMetricsSchema>;
  /** Absent where the worker has no DomainEvents port. */
  readonly metrics_events?: Operation<"metrics_events", NoParams, typeof domainEventStatsSchema>;
};

/** Makes the operations that transports carry; `metrics_events` only where there are domain events to ask about. */
export function createMetricsOperations(service: MetricsQueries): MetricsOperations {
  const shared = {
    group: "metrics",
    access: "read",
    params: noParams,
    context: service.context,
  } as const;
  const operations = {
    metrics_prometheus: defineOperation({
      ...shared,
      name: "metrics_prometheus",
      exposure: "probe",
      result: z.string().describe("Prometheus text 0.0.4, or OpenMetrics 1.0.0 where asked for."),
      mediaTypes: [PROMETHEUS_TEXT, OPENMETRICS_TEXT],
      run: (_params, { budgetMs, mediaType }) =>
        service.prometheusFormat({
          budgetMs,
          mediaType: mediaType === OPENMETRICS_TEXT ? OPENMETRICS_TEXT : PROMETHEUS_TEXT,
        }),
    }),
    metrics_worker: defineOperation({
      ...shared,
      name: "metrics_worker",
      exposure: "detail",
      result: workerMetricsSchema,
      mediaTypes: ["application/json"],
      run: (_params, { budgetMs }) => service.collectMetrics({ budgetMs }),
    }),
  };
  if (service.context.ports.domainEvents === undefined) return Object.freeze(operations);
  const metrics_events = defineOperation({
    ...shared,
    name: "metrics_events",
    exposure: "detail",
    result: domainEventStatsSchema,
    mediaTypes: ["application/json"],
    run: () => service.domainEventStats(),
  });
  return Object.freeze({ ...operations, metrics_events });
}
