import type { Operations, WorkerContext } from "@tasker-observability/core";
import { createConfigOperations, createConfigService } from "@tasker-observability/config";
import {
  createHealthOperations,
  createHealthService,
  type HealthService,
} from "@tasker-observability/health";
import {
  createMetricsOperations,
  createMetricsService,
  type MetricsPush,
  pushMetrics,
} from "@tasker-observability/metrics";
import { createTemplateOperations, type TemplateService } from "@tasker-observability/templates";
import { createWorkService } from "@tasker-observability/work";
import { namespaceChecks } from "./namespace-checks.js";
import type { RedactedConfig } from "../options/redacted-config.js";
import type { WorkerSettings } from "../options/worker-options.js";

/** The services of a worker, with their operations. */
export interface WorkerServices {
  readonly operations: Operations;
  readonly health: HealthService;
  /** Starts to push the metrics, if a push is configured. */
  startPush(): void;
  /** Deletes the pushed metrics at the gateway. Never rejects. */
  stopPush(): Promise<void>;
  close(): void;
}

export interface CreateServicesOptions extends Pick<
  WorkerSettings,
  "checks" | "health" | "metrics" | "metricsPush"
> {
  readonly context: WorkerContext;
  readonly config: RedactedConfig;
  readonly templates: TemplateService;
}

export function createServices({
  context,
  config,
  templates,
  checks,
  health: healthOptions,
  metrics: metricsOptions,
  metricsPush,
}: CreateServicesOptions): WorkerServices {
  const health = createHealthService({
    ...healthOptions,
    context,
    checks: [...namespaceChecks(context), ...checks],
  });
  const metrics = createMetricsService({
    ...metricsOptions,
    context,
    health,
    templateCache: templates,
  });
  const work = createWorkService({ context });
  let push: MetricsPush | undefined;
  return Object.freeze({
    operations: Object.freeze({
      ...createHealthOperations(health),
      ...createMetricsOperations(metrics),
      ...createTemplateOperations(templates),
      ...createConfigOperations(createConfigService({ config, context })),
      ...work.operations,
    }),
    health,
    startPush() {
      if (metricsPush === undefined) return;
      push = pushMetrics({ ...metricsPush, service: metrics, url: metricsPush.url.reveal() });
    },
    async stopPush() {
      await push?.stop();
    },
    close() {
      work.close();
      metrics.close();
      health.close();
    },
  });
}
