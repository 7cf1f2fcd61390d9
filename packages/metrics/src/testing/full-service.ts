import { createFakeClock } from "@tasker-observability/testkit";
import { createMetricsService } from "../metrics-service.js";
import type { MetricsServiceOptions } from "../service-options.js";
import { allPorts, allSources, createTestWorker } from "./test-worker.js";

export function createFullService(options: Partial<MetricsServiceOptions> = {}) {
  const worker = createTestWorker(createFakeClock(), { ports: allPorts, namespaces: ["orders"] });
  const recorder = worker.context.steps.recorder("orders");
  const service = createMetricsService({ context: worker.context, ...allSources, ...options });
  recorder.started(12);
  recorder.finished("completed", 340);
  recorder.started(7);
  return { ...worker, service };
}
