import { createFakeClock, parseExposition } from "@tasker-observability/testkit";
import { Counter, Gauge, Histogram, Registry, Summary } from "prom-client";
import { describe, expect, it } from "vitest";
import { OPENMETRICS_TEXT } from "../media-types.js";
import { createMetricsService } from "../metrics-service.js";
import { createTestWorker } from "../testing/test-worker.js";
import {
  help,
  serviceOn,
  openMetricsRegistry,
  fill,
  samplesOf,
} from "../testing/application-metrics.js";

describe("the application's metrics", () => {
  it.each([
    ["text", () => new Registry()],
    ["OpenMetrics", openMetricsRegistry],
  ])("keep their names in both formats, on a registry in %s mode", async (_, create) => {
    const registry = create();
    const service = serviceOn(registry);
    fill(registry);
    const text = await samplesOf(service, false);
    expect(text).toEqual(
      expect.arrayContaining(["http_requests{} 5", "jobs{} 1", "jobs_total{} 2"]),
    );
    expect(await samplesOf(service, true)).toEqual(text);
    await registry.metrics();
    expect(await samplesOf(service, false)).toEqual(text);
    expect(await samplesOf(service, true)).toEqual(text);
  });

  it("keep their exemplars in OpenMetrics", async () => {
    const registry = openMetricsRegistry();
    const service = serviceOn(registry);
    const registers = [registry];
    const counter = new Counter({ name: "a_total", help, enableExemplars: true, registers });
    const histogram = new Histogram({ name: "b", help, enableExemplars: true, registers });
    counter.inc({ value: 2, exemplarLabels: { trace_id: "one" } });
    histogram.observe({ value: 0.07, exemplarLabels: { trace_id: "two\ud800" } });
    const exemplars = async () =>
      parseExposition(
        await service.prometheusFormat({ mediaType: OPENMETRICS_TEXT }),
        "openmetrics",
      )
        .flatMap(({ samples }) => samples)
        .filter((sample) => sample.exemplar !== undefined);
    const first = await exemplars();
    expect(first).toMatchObject([
      { name: "a_total", exemplar: { labels: { trace_id: "one" }, value: 2 } },
      { name: "b_bucket", exemplar: { labels: { trace_id: "two\ufffd" }, value: 0.07 } },
    ]);
    expect(first[0]?.exemplar?.timestamp).toBeGreaterThan(1_700_000_000);
    expect(await service.prometheusFormat()).not.toContain("trace_id");
  });

  it.each<[string, unknown]>([
    ["no value", { labelSet: { a: "b" } }],
    ["a value that is not finite", { labelSet: { a: "b" }, value: Number.NaN }],
    ["a label that is none", { labelSet: { 'a="': "b" }, value: 1 }],
    ["more than 128 characters", { labelSet: { a: "x".repeat(128) }, value: 1 }],
    ["null", null],
  ])("lose only an exemplar that has %s", async (_, exemplar) => {
    const registry = new Registry();
    const service = serviceOn(registry);
    registry.registerMetric({
      name: "a_total",
      get: async () => ({
        name: "a_total",
        help,
        type: "counter",
        values: [{ value: 1, labels: {}, exemplar }],
      }),
    } as unknown as Counter);
    const text = await service.prometheusFormat({ mediaType: OPENMETRICS_TEXT });
    expect(text).toContain("\na_total 1\n");
    parseExposition(text, "openmetrics");
  });

  it.each([
    ["gauge", "histogram"],
    ["histogram", "gauge"],
    ["counter", "histogram"],
    ["summary", "counter"],
    ["counter", "summary"],
    ["summary_count", "histogram"],
    ["histogram", "summary_count"],
  ])("lose a metric whose sample names clash with another's: %s, then %s", async (...order) => {
    const registry = new Registry();
    const { context, logged } = createTestWorker(createFakeClock());
    const service = createMetricsService({ context, registry });
    const registers = [registry];
    for (const kind of order)
      if (kind === "histogram") new Histogram({ name: "a", help, registers }).observe(0.5);
      else if (kind === "summary") new Summary({ name: "a", help, registers }).observe(0.5);
      else if (kind === "gauge") new Gauge({ name: "a_count", help, registers }).set(7);
      else if (kind === "counter") new Counter({ name: "a_count", help, registers }).inc(7);
      else new Summary({ name: "a_count", help, registers }).observe(7);
    for (const openMetrics of [false, true]) {
      const samples = await samplesOf(service, openMetrics);
      expect(samples.filter((line) => line.startsWith("a_count"))).toEqual(["a_count{} 1"]);
      expect(samples).toContain("a_sum{} 0.5");
    }
    expect(await service.prometheusFormat()).toContain(
      'tasker_worker_collector_success{collector="registry"} 0\n',
    );
    expect(logged).toEqual([
      {
        level: "warn",
        message: expect.stringContaining("rename one of them"),
        fields: { metric: "a_count" },
      },
    ]);
  });

  it("need no help text", async () => {
    const registry = new Registry();
    const service = serviceOn(registry);
    registry.registerMetric({
      name: "a",
      get: async () => ({ name: "a", type: "gauge", values: [{ value: 1 }] }),
    } as unknown as Gauge);
    expect(await service.prometheusFormat()).toContain("# HELP a \n# TYPE a gauge\na 1\n");
    expect(await samplesOf(service, true)).toEqual(["a{} 1"]);
  });
});

describe("our counters", () => {
  it("keep their names on a registry that the application merges theirs into, in either mode", async () => {
    const registry = new Registry();
    createMetricsService({
      context: createTestWorker(createFakeClock(), { namespaces: ["orders"] }).context,
      registry,
      nodeMetrics: true,
    });
    const plain = new Registry();
    new Counter({ name: "mine_total", help, registers: [plain] }).inc();
    const merged = Registry.merge([plain, registry]);
    const countersIn = (text: string) =>
      [...new Set(text.match(/^\w+_total(?=[{ ])/gm) ?? [])].sort();
    const before = countersIn(await merged.metrics());
    expect(before).toContain("mine_total");
    expect(before).toContain("process_cpu_seconds_total");
    merged.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    const [openMetrics, text] = await Promise.all([merged.metrics(), registry.metrics()]);
    expect(countersIn(openMetrics)).toEqual(before);
    expect(countersIn(text)).toEqual(before.filter((name) => name !== "mine_total"));
    expect((await registry.getMetricsAsJSON()).map(({ name }) => name)).toContain(
      "tasker_worker_steps_total",
    );
  });
});
