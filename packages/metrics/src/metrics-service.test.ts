import { ObservabilityError, type Ports } from "@tasker-observability/core";
import { createFakeClock, parseExposition } from "@tasker-observability/testkit";
import { register as globalRegistry } from "prom-client";
import { describe, expect, it } from "vitest";
import { OPENMETRICS_TEXT } from "./media-types.js";
import { createMetricsService } from "./metrics-service.js";
import { familiesIn, samplesOf } from "./testing/samples.js";
import { allPorts, allSources, createTestWorker, queueStatistics } from "./testing/test-worker.js";
import { workerMetricsSchema } from "./worker-metrics.js";
import { createFullService } from "./testing/full-service.js";

/** One line per sample, sorted, for comparison without order. */
function toSortedLines(
  samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: unknown;
  }[],
): string[] {
  const named = (value: unknown): unknown =>
    typeof value === "number" && !Number.isFinite(value)
      ? { NaN: "NaN", Infinity: "+Inf", "-Infinity": "-Inf" }[String(value)]
      : value;
  return samples
    .map(({ name, labels, value }) =>
      JSON.stringify([name, Object.entries(labels).sort(), named(value)]),
    )
    .sort();
}

const everyFamily = {
  tasker_worker_build_info: "gauge",
  tasker_worker_channel_health: "gauge",
  tasker_worker_circuit_breaker_state: "gauge",
  tasker_worker_collector_duration_seconds: "gauge",
  tasker_worker_collector_success: "gauge",
  tasker_worker_db_pool_idle: "gauge",
  tasker_worker_db_pool_size: "gauge",
  tasker_worker_db_pool_waiting: "gauge",
  tasker_worker_dead_letter_oldest_age_seconds: "gauge",
  tasker_worker_dead_letters: "gauge",
  tasker_worker_domain_events_total: "counter",
  tasker_worker_dropped_series_total: "counter",
  tasker_worker_fleet_workers: "gauge",
  tasker_worker_health_status: "gauge",
  tasker_worker_info: "gauge",
  tasker_worker_queue_depth: "gauge",
  tasker_worker_queue_depth_estimated: "gauge",
  tasker_worker_queue_oldest_message_age_seconds: "gauge",
  tasker_worker_queue_oldest_visible_age_seconds: "gauge",
  tasker_worker_queue_visible_depth: "gauge",
  tasker_worker_step_duration_seconds: "histogram",
  tasker_worker_step_wait_seconds: "histogram",
  tasker_worker_steps_given_back_total: "counter",
  tasker_worker_steps_in_flight: "gauge",
  tasker_worker_steps_total: "counter",
  tasker_worker_template_cache_entries: "gauge",
  tasker_worker_template_cache_evictions_total: "counter",
  tasker_worker_template_cache_hits_total: "counter",
  tasker_worker_template_cache_misses_total: "counter",
  tasker_worker_uptime_seconds: "gauge",
};

describe("the metrics service", () => {
  it("has every family once, with its type", async () => {
    const { service } = createFullService();
    const families = parseExposition(await service.prometheusFormat(), "prometheus");
    expect(Object.fromEntries(families.map(({ name, type }) => [name, type]).sort())).toEqual(
      everyFamily,
    );
  });

  it("has the same samples as text and as data", async () => {
    const ports: Partial<Ports> = {
      ...allPorts,
      database: {
        ping: () => Promise.resolve(),
        pool: () => ({ size: Number.NaN, idle: Number.POSITIVE_INFINITY, waiting: -0, max: 1 }),
      },
    };
    const { context } = createTestWorker(createFakeClock(), { ports });
    const service = createMetricsService({ context, ...allSources, cacheTtlMs: 1_000 });
    context.steps.recorder('a"} 1\nup{job="prod').finished("failed", 3);
    const { metrics, omitted } = await service.collectMetrics();
    const text = parseExposition(await service.prometheusFormat(), "prometheus").flatMap(
      ({ samples }) => samples,
    );
    const finite = text.filter(({ value }) => Number.isFinite(value));
    expect(toSortedLines(finite)).toEqual(toSortedLines(Object.values(metrics)));
    expect(finite.length + omitted).toBe(text.length);
    expect(text.length).toBeGreaterThan(50);
  });

  it("answers data that fits its schema and cannot be changed", async () => {
    const { service, context } = createFullService();
    const answer = await service.collectMetrics();
    expect(workerMetricsSchema.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ timestamp: context.timestamp(), worker_id: "orders-1" });
    expect(Object.values(answer.metrics)).toContainEqual({
      name: "tasker_worker_steps_total",
      value: 1,
      metric_type: "counter",
      labels: { namespace: "orders", outcome: "completed" },
      help: expect.any(String),
    });
    for (const name of ["tasker_worker_info", "tasker_worker_steps_total"])
      expect(() => (samplesOf(name, answer.metrics)[0]!.labels.namespace = "x")).toThrow(TypeError);
    const [first] = Object.values(answer.metrics);
    expect(() => (answer.metrics.another = first!)).toThrow(TypeError);
  });

  it("names the same families in text, OpenMetrics and text again, in turn and at the same time", async () => {
    const { service } = createFullService();
    const text = async (): Promise<string[]> =>
      parseExposition(await service.prometheusFormat(), "prometheus").map(({ name }) => name);
    const openMetrics = async (): Promise<string[]> =>
      parseExposition(
        await service.prometheusFormat({ mediaType: OPENMETRICS_TEXT }),
        "openmetrics",
      ).map(({ name, type }) => (type === "counter" ? `${name}_total` : name));
    const names = Object.keys(everyFamily);
    for (const answer of [
      await text(),
      await openMetrics(),
      await text(),
      ...(await Promise.all([text(), openMetrics(), text(), openMetrics()])),
    ]) {
      expect([...answer].sort()).toEqual(names);
    }
  });

  it("has no family of a port that was not given", async () => {
    const { context } = createTestWorker(createFakeClock());
    const service = createMetricsService({ context });
    context.steps.recorder("orders").finished("completed", 1);
    const { metrics } = await service.collectMetrics();
    expect(familiesIn(metrics)).toEqual([
      "tasker_worker_build_info",
      "tasker_worker_collector_duration_seconds",
      "tasker_worker_collector_success",
      "tasker_worker_dropped_series_total",
      "tasker_worker_info",
      "tasker_worker_step_duration_seconds",
      "tasker_worker_steps_given_back_total",
      "tasker_worker_steps_in_flight",
      "tasker_worker_steps_total",
      "tasker_worker_uptime_seconds",
    ]);
  });

  it("reads its ports for every scrape", async () => {
    let size = 1;
    const { context } = createTestWorker(createFakeClock(), {
      ports: {
        database: {
          ping: () => Promise.resolve(),
          pool: () => ({ size, idle: 0, waiting: 0, max: 10 }),
        },
      },
    });
    const service = createMetricsService({ context });
    expect(await service.prometheusFormat()).toContain("tasker_worker_db_pool_size 1\n");
    size = 9;
    expect(await service.prometheusFormat()).toContain("tasker_worker_db_pool_size 9\n");
  });

  it("shares one collection between all formats for cacheTtlMs", async () => {
    let reads = 0;
    const statistics = () => Promise.resolve([queueStatistics({ depth: (reads += 1) })]);
    const { context, clock } = createTestWorker(createFakeClock(), {
      ports: { queues: { statistics } },
    });
    const service = createMetricsService({ context, cacheTtlMs: 5_000 });
    const first = await service.collectMetrics();
    await clock.advance(4_999);
    expect(await service.collectMetrics()).toBe(first);
    expect(await service.prometheusFormat({ mediaType: OPENMETRICS_TEXT })).toContain(
      'tasker_worker_queue_depth{namespace="orders"} 1\n',
    );
    await clock.advance(1);
    expect((await service.collectMetrics()).metrics).toMatchObject({
      'tasker_worker_queue_depth{namespace="orders"}': { value: 2 },
    });
  });

  it("lets a counter go down when its port was reset", async () => {
    let hits = 20;
    const { context } = createTestWorker(createFakeClock());
    const service = createMetricsService({
      context,
      templateCache: { counts: () => ({ entries: 0, hits, misses: 0, evictions: 0 }) },
    });
    expect(await service.prometheusFormat()).toContain(
      "tasker_worker_template_cache_hits_total 20\n",
    );
    hits = 2;
    expect(await service.prometheusFormat()).toContain(
      "tasker_worker_template_cache_hits_total 2\n",
    );
    expect(await service.registry.metrics()).toContain(
      "tasker_worker_template_cache_hits_total 2\n",
    );
  });

  it("puts nothing on prom-client's global registry, and does not collide with a second service", async () => {
    const one = createFullService().service;
    const other = createFullService().service;
    expect(one.registry).not.toBe(other.registry);
    expect(globalRegistry.getMetricsAsArray()).toEqual([]);
    await expect(
      Promise.all([one.prometheusFormat(), other.prometheusFormat()]),
    ).resolves.toHaveLength(2);
  });

  it("stops recording and answering on close, which is idempotent and leaves no timer", async () => {
    const { service, context, clock } = createFullService();
    const total = service.registry.getSingleMetric("tasker_worker_steps_total")!;
    const recorded = structuredClone((await total.get()).values);
    service.close();
    service.close();
    context.steps.recorder("orders").finished("completed", 1);
    expect((await total.get()).values).toEqual(recorded);
    expect(recorded).toContainEqual(expect.objectContaining({ value: 1 }));
    expect(service.registry.getMetricsAsArray()).toEqual([]);
    for (const call of [
      service.prometheusFormat(),
      service.collectMetrics(),
      service.domainEventStats(),
    ]) {
      await expect(call).rejects.toSatisfy(
        (error) => ObservabilityError.isInstance(error) && error.code === "WORKER_NOT_RUNNING",
      );
    }
    expect(clock.pendingTimers()).toBe(0);
  });
});
