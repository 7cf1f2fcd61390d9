import { collectDefaultMetrics, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createService, namesIn } from "../testing/shared-registry.js";

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
