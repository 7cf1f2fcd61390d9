import type { Ports } from "@tasker-observability/core";
import { createFakeClock, type FakeClock, parseExposition } from "@tasker-observability/testkit";
import { createMetricsService, type MetricsService } from "../metrics-service.js";
import { allPorts, allSources, createTestWorker, type TestWorker } from "./test-worker.js";

export const never = (): Promise<never> => new Promise(() => undefined);

export function createService(
  ports: Partial<Ports>,
  options: { readonly collectorTimeoutMs?: number } = {},
): TestWorker<FakeClock> & { readonly service: MetricsService } {
  const worker = createTestWorker(createFakeClock(), { ports: { ...allPorts, ...ports } });
  return {
    ...worker,
    service: createMetricsService({ context: worker.context, ...allSources, ...options }),
  };
}

export async function successes(text: Promise<string>): Promise<Record<string, number>> {
  const family = parseExposition(await text, "prometheus").find(
    ({ name }) => name === "tasker_worker_collector_success",
  );
  return Object.fromEntries(
    family!.samples.map(({ labels, value }) => [labels.collector ?? "", value]),
  );
}

export const allSuccessful = {
  worker: 1,
  pools: 1,
  queues: 1,
  dead_letters: 1,
  channels: 1,
  steps: 1,
  domain_events: 1,
  circuit_breakers: 1,
  fleet: 1,
  template_cache: 1,
  health: 1,
};
