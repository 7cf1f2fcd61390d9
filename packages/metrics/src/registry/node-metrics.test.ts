import { collectDefaultMetrics, Registry } from "prom-client";
import { parseExposition, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { OPENMETRICS_TEXT } from "../media-types.js";
import { createService, namesIn } from "../testing/shared-registry.js";

/** The event loop's lags, by what is between `lag_` and `_seconds`. */
function lagsIn(text: string, format: "prometheus" | "openmetrics" = "prometheus") {
  const lags = { min: NaN, max: NaN, mean: NaN, stddev: NaN, p50: NaN, p90: NaN, p99: NaN };
  for (const { samples } of parseExposition(text, format))
    for (const { name, value } of samples) {
      const kind = /^nodejs_eventloop_lag_(\w+)_seconds$/.exec(name)?.[1];
      if (kind !== undefined) lags[kind as keyof typeof lags] = value;
    }
  return lags;
}

describe("Node's own numbers", () => {
  it("are on the registry when asked for: loop delay and utilization, heap, garbage collection", async () => {
    const { service } = createService(undefined, { nodeMetrics: true });
    global.gc?.();
    const names = namesIn(await service.prometheusFormat());
    expect(names).toEqual(
      expect.arrayContaining([
        "nodejs_eventloop_lag_p99_seconds",
        "nodejs_eventloop_active_seconds_total",
        "nodejs_eventloop_idle_seconds_total",
        "nodejs_heap_size_used_bytes",
        "process_cpu_seconds_total",
      ]),
    );
    expect(service.registry.getSingleMetric("nodejs_gc_duration_seconds")).toBeDefined();
    service.close();
    expect(service.registry.getMetricsAsArray()).toEqual([]);
  });

  it("are the same for a second scraper and as JSON, in the moment after a scrape too", async () => {
    const { service } = createService(undefined, { nodeMetrics: true });
    await waitFor(async () => lagsIn(await service.prometheusFormat()).max > 0, {
      what: "a measured delay",
    });
    for (const lags of [
      lagsIn(await service.prometheusFormat()),
      lagsIn(await service.prometheusFormat({ mediaType: OPENMETRICS_TEXT }), "openmetrics"),
    ]) {
      expect(lags.min).toBeGreaterThan(0);
      expect(lags.min).toBeLessThanOrEqual(lags.p50);
      expect(lags.p50).toBeLessThanOrEqual(lags.p99);
      expect(lags.p99).toBeLessThanOrEqual(lags.max);
      expect(lags.max).toBeLessThan(600);
      expect(Object.values(lags).filter((seconds) => !Number.isFinite(seconds))).toEqual([]);
    }
    const { metrics, omitted } = await service.collectMetrics();
    expect(omitted).toBe(0);
    expect(metrics.nodejs_eventloop_lag_mean_seconds?.value).toBeGreaterThan(0);
    service.close();
  });

  it("are without prom-client's gauges that have the name of a counter", async () => {
    const { service } = createService(undefined, { nodeMetrics: true });
    const text = await service.prometheusFormat();
    expect(text).toContain("nodejs_active_handles");
    expect(text).not.toMatch(/^# TYPE \S+_total gauge$/m);
    service.close();
  });

  it("are not there otherwise", async () => {
    expect(await createService(undefined).service.prometheusFormat()).not.toContain("nodejs_");
  });

  it("do not collide with those that the application collects itself, nor with a second service's", async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const first = createService(registry, { nodeMetrics: true }).service;
    const second = createService(undefined, { nodeMetrics: true }).service;
    const texts = await Promise.all([first.prometheusFormat(), second.prometheusFormat()]);
    for (const text of texts) expect(namesIn(text)).toContain("process_cpu_seconds_total");
    first.close();
    second.close();
    expect(registry.getSingleMetric("process_cpu_seconds_total")).toBeDefined();
    expect(registry.getSingleMetric("nodejs_eventloop_active_seconds_total")).toBeUndefined();
  });

  it("are reused by the next service, because they cannot be stopped", () => {
    const first = createService(undefined, { nodeMetrics: true }).service;
    const gauge = first.registry.getSingleMetric("nodejs_eventloop_lag_seconds");
    first.close();
    const second = createService(undefined, { nodeMetrics: true }).service;
    expect(second.registry.getSingleMetric("nodejs_eventloop_lag_seconds")).toBe(gauge);
    second.close();
  });
});
