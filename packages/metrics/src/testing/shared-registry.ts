import { createFakeClock, type FakeClock, parseExposition } from "@tasker-observability/testkit";
import { createMetricsService, type MetricsService } from "../metrics-service.js";
import type { MetricsServiceOptions } from "../service-options.js";
import { allPorts, allSources, createTestWorker, type TestWorker } from "./test-worker.js";

export function createService(
  registry: MetricsServiceOptions["registry"],
  options: Partial<MetricsServiceOptions> = {},
): TestWorker<FakeClock> & { readonly service: MetricsService } {
  const worker = createTestWorker(createFakeClock(), { ports: allPorts });
  const service = createMetricsService({
    context: worker.context,
    ...allSources,
    registry,
    ...options,
  });
  worker.context.steps.recorder("orders").finished("completed", 30);
  return { ...worker, service };
}

export const namesIn = (
  text: string,
  format: "prometheus" | "openmetrics" = "prometheus",
): string[] =>
  parseExposition(text, format).flatMap(({ samples }) => samples.map(({ name }) => name));

export const ours = (names: readonly string[]): string[] =>
  [...new Set(names.filter((name) => name.startsWith("tasker_worker_")))].sort();
