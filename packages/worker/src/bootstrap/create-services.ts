import type { Operations, WorkerContext } from "@tasker-observability/core";
import { createConfigOperations, createConfigService } from "@tasker-observability/config";
import { createHealthOperations, createHealthService } from "@tasker-observability/health";
import { createMetricsOperations, createMetricsService } from "@tasker-observability/metrics";
import { createTemplateOperations, type TemplateService } from "@tasker-observability/templates";
import { namespaceChecks } from "./namespace-checks.js";
import type { RedactedConfig } from "../options/redacted-config.js";
import type { WorkerSettings } from "../options/worker-options.js";

/** The services of a worker, with their operations. */
export interface WorkerServices {
  readonly operations: Operations;
  close(): void;
}

export interface CreateServicesOptions extends Pick<
  WorkerSettings,
  "checks" | "health" | "metrics"
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
