import { createFakeClock, parseExposition } from "@tasker-observability/testkit";
import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
  Summary,
} from "prom-client";
import { describe, expect, it } from "vitest";
import { OPENMETRICS_TEXT } from "../media-types.js";
import { createMetricsService } from "../metrics-service.js";
import { allPorts, createTestWorker } from "../testing/test-worker.js";
import { createService, namesIn, ours } from "../testing/shared-registry.js";

describe("on the application's registry", () => {
  it("the application's own /metrics shows our families, fresh, with the same names", async () => {
    const registry = new Registry();
    let size = 3;
    const { service } = createService(registry, {
      context: createTestWorker(createFakeClock(), {
        ports: {
          ...allPorts,
          database: {
            ping: () => Promise.resolve(),
            pool: () => ({ size, idle: 0, waiting: 0, max: 9 }),
          },
        },
      }).context,
    });
    expect(await registry.metrics()).toContain("tasker_worker_db_pool_size 3\n");
    size = 4;
    const text = await registry.metrics();
    expect(text).toContain("tasker_worker_db_pool_size 4\n");
    expect(text).toContain('tasker_worker_collector_success{collector="queues"} 1\n');
    expect(ours(text.match(/^tasker_worker_\w+/gm) ?? [])).toEqual(
      ours(namesIn(await service.prometheusFormat())),
    );
  });

  it("the application's own /metrics costs one collection", async () => {
    let reads = 0;
    const { context } = createTestWorker(createFakeClock(), {
      ports: { queues: { statistics: () => Promise.resolve(((reads += 1), [])) } },
    });
    const registry = new Registry();
    createMetricsService({ context, registry });
    await registry.metrics();
    expect(reads).toBe(1);
  });

  it("the application's metrics are in ours, in every format", async () => {
    const registry = new Registry();
    const { service } = createService(registry);
    new Counter({
      name: "app_requests_total",
      help: "Requests.",
      labelNames: ["path"],
      registers: [registry],
    }).inc({ path: '/"\n' }, 3);
    new Counter({ name: "app_clicks", help: "Clicks.", registers: [registry] }).inc(2);
    new Gauge({ name: "app_temperature", help: "Degrees.", registers: [registry] }).set(-0.5);
    new Histogram({
      name: "app_size",
      help: "Bytes.",
      labelNames: ["kind"],
      buckets: [1, 10],
      registers: [registry],
    }).observe({ kind: "x" }, 5);
    new Summary({
      name: "app_latency",
      help: "Seconds.",
      percentiles: [0.5],
      registers: [registry],
    }).observe(2);
    const text = parseExposition(await service.prometheusFormat(), "prometheus").filter(
      ({ name }) => name.startsWith("app_"),
    );
    expect(text.map(({ name, type }) => [name, type])).toEqual([
      ["app_requests_total", "counter"],
      ["app_clicks", "counter"],
      ["app_temperature", "gauge"],
      ["app_size", "histogram"],
      ["app_latency", "summary"],
    ]);
    expect(text[0]!.samples).toEqual([
      { name: "app_requests_total", labels: { path: '/"\n' }, value: 3 },
    ]);
    expect(text[3]!.samples).toContainEqual({
      name: "app_size_bucket",
      labels: { le: "10", kind: "x" },
      value: 1,
    });
    expect(text[4]!.samples).toContainEqual({
      name: "app_latency",
      labels: { quantile: "0.5" },
      value: 2,
    });
    const openMetrics = namesIn(
      await service.prometheusFormat({ mediaType: OPENMETRICS_TEXT }),
      "openmetrics",
    );
    expect(openMetrics).toEqual(
      expect.arrayContaining(["app_requests_total", "app_clicks", "app_size_count"]),
    );
    expect((await service.collectMetrics()).metrics.app_temperature).toMatchObject({ value: -0.5 });
  });

  it("its default labels are on every sample that has no label of that name", async () => {
    const registry = new Registry();
    registry.setDefaultLabels({ app: "shop", worker_id: "other", 'bad name"': "x", __meta: "x" });
    const { service } = createService(registry);
    const text = await service.prometheusFormat();
    expect(text).toContain('tasker_worker_uptime_seconds{app="shop",worker_id="other"} 0\n');
    expect(text).toContain('worker_id="orders-1"');
    expect(text).not.toMatch(/bad name|__meta/);
    expect((await service.collectMetrics()).metrics).toMatchObject({
      'tasker_worker_uptime_seconds{app="shop",worker_id="other"}': {
        labels: { app: "shop", worker_id: "other" },
      },
    });
    parseExposition(text, "prometheus");
  });

  it("its OpenMetrics mode changes neither our names nor our text", async () => {
    const registry = new Registry() as unknown as Registry<OpenMetricsContentType>;
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const { service } = createService(registry);
    new Counter({ name: "app_requests_total", help: "Requests.", registers: [registry] }).inc(1);
    const before = namesIn(await service.prometheusFormat());
    const theirs = await registry.metrics();
    expect(ours(namesIn(theirs, "openmetrics"))).toEqual(ours(before));
    expect(namesIn(await service.prometheusFormat())).toEqual(before);
    expect(
      namesIn(await service.prometheusFormat({ mediaType: OPENMETRICS_TEXT }), "openmetrics"),
    ).toEqual(before);
    expect(before).toContain("app_requests_total");
  });

  it("switching its mode back and forth leaves our families their names, on its /metrics too", async () => {
    const registry = new Registry();
    createService(registry);
    const before = ours((await registry.metrics()).match(/^tasker_worker_\w+/gm) ?? []);
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    await registry.metrics();
    registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
    expect(ours((await registry.metrics()).match(/^tasker_worker_\w+/gm) ?? [])).toEqual(before);
    expect(before).toContain("tasker_worker_steps_total");
  });

  it("a second service is rejected, and leaves the first one's families alone", async () => {
    const registry = new Registry();
    const { service } = createService(registry);
    expect(() => createService(registry)).toThrow(
      "The registry already has tasker_worker_info. One registry takes one MetricsService",
    );
    expect(await registry.metrics()).toContain("tasker_worker_uptime_seconds 0\n");
    service.close();
    expect(registry.getMetricsAsArray()).toEqual([]);
    expect(await createService(registry).service.prometheusFormat()).toContain(
      "tasker_worker_info",
    );
  });

  it("a service that is rejected removes what it had registered", () => {
    const registry = new Registry();
    new Gauge({ name: "tasker_worker_channel_health", help: "Mine.", registers: [registry] });
    expect(() => createService(registry)).toThrow("tasker_worker_channel_health");
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual([
      "tasker_worker_channel_health",
    ]);
  });

  it("clearing and resetting it does not affect the service", async () => {
    const registry = new Registry();
    const { service, context } = createService(registry);
    registry.resetMetrics();
    registry.clear();
    context.steps.recorder("orders").finished("completed", 30);
    expect(await service.prometheusFormat()).toContain(
      'tasker_worker_steps_total{namespace="orders",outcome="completed"} 1\n',
    );
    service.close();
  });
});
