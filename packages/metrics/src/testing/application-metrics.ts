import { createFakeClock, parseExposition } from "@tasker-observability/testkit";
import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
  Summary,
} from "prom-client";
import { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "../media-types.js";
import { createMetricsService, type MetricsService } from "../metrics-service.js";
import { createTestWorker } from "./test-worker.js";

export const help = "Help.";

export type AnyRegistry = Registry | Registry<OpenMetricsContentType>;

export function serviceOn(registry: AnyRegistry): MetricsService {
  return createMetricsService({ context: createTestWorker(createFakeClock()).context, registry });
}

export function openMetricsRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry() as unknown as Registry<OpenMetricsContentType>;
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** An application that calls its metrics as it likes. */
export function fill(registry: AnyRegistry): void {
  const registers = [registry];
  new Counter({ name: "http_requests", help, registers }).inc(5);
  new Counter({ name: "jobs", help, registers }).inc(1);
  new Counter({ name: "jobs_total", help, registers }).inc(2);
  new Counter({ name: "twice_total_total", help, registers }).inc(3);
  new Gauge({ name: "twice_total", help, registers }).set(4);
  new Gauge({ name: "build_info", help, registers }).set(1);
  new Gauge({ name: "sizes_created", help, registers }).set(6);
  new Histogram({ name: "sizes", help, buckets: [1], registers }).observe(0.5);
  new Summary({ name: "waits_count", help, percentiles: [0.5], registers }).observe(2);
  new Counter({ name: "by_le_total", help, labelNames: ["le", "quantile"], registers }).inc({
    le: "1",
    quantile: "x",
  });
}

export async function samplesOf(service: MetricsService, openMetrics: boolean): Promise<string[]> {
  const text = await service.prometheusFormat({
    mediaType: openMetrics ? OPENMETRICS_TEXT : PROMETHEUS_TEXT,
  });
  return parseExposition(text, openMetrics ? "openmetrics" : "prometheus").flatMap(({ samples }) =>
    samples
      .filter(({ name }) => !name.startsWith("tasker_worker_"))
      .map(({ name, labels, value }) => `${name}${JSON.stringify(labels)} ${value}`),
  );
}
