import type { Operations, WorkerContext } from "@tasker-observability/core";
import {
  createConfigOperations,
  createConfigService,
  type LoadedConfig,
} from "@tasker-observability/config";
import {
  createHealthOperations,
  createHealthService,
  type CustomCheck,
  type HealthService,
} from "@tasker-observability/health";
import {
  createMetricsOperations,
  createMetricsService,
  type MetricsService,
} from "@tasker-observability/metrics";
import {
  createTemplateOperations,
  type TemplateQueryService,
} from "@tasker-observability/templates";

/** The services of a worker, and all that can be asked of them. */
export interface WorkerServices {
  readonly operations: Operations;
  close(): void;
}

export interface CreateServicesOptions {
  readonly context: WorkerContext;
  readonly config: LoadedConfig;
  readonly templates: TemplateQueryService;
  readonly checks?: readonly CustomCheck[] | undefined;
}

export function createServices(options: CreateServicesOptions): WorkerServices {
  const { context, config, templates } = options;
  const health = createWorkerHealth(options);
  const metrics = createWorkerMetrics(options, health);
  return Object.freeze({
    operations: Object.freeze({
      ...createHealthOperations(health),
      ...createMetricsOperations(metrics),
      ...createTemplateOperations(templates),
      ...createConfigOperations(createConfigService({ config, context })),
    }),
    close() {
      metrics.close();
      health.close();
    },
  });
}

function createWorkerMetrics(
  { context, config, templates }: CreateServicesOptions,
  health: HealthService,
): MetricsService {
  const { collector_timeout_ms: collectorTimeoutMs, cache_ttl_ms: cacheTtlMs } =
    config.settings.worker.metrics;
  return createMetricsService({
    context,
    health,
    templateCache: templates,
    collectorTimeoutMs,
    cacheTtlMs,
  });
}

function createWorkerHealth({
  context,
  config: { settings },
  checks,
}: CreateServicesOptions): HealthService {
  const { health } = settings.worker;
  return createHealthService({
    context,
    checks,
    checkTimeoutMs: health.check_timeout_ms ?? undefined,
    cacheTtlMs: health.cache_ttl_ms,
    stallAfterMs: health.stall_after_ms,
    slowMs: health.slow_ms,
    maxAgeSeconds: health.max_age_seconds,
    overflowThreshold: settings.common.queues.pgmq.queue_depth_thresholds.overflow_threshold,
    errorRate: {
      minSamples: health.error_rate.min_samples,
      degraded: health.error_rate.degraded,
      unhealthy: health.error_rate.unhealthy,
    },
  });
}
