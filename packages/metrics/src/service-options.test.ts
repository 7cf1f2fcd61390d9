import { ObservabilityError } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createMetricsService } from "./metrics-service.js";
import { createTestWorker } from "./testing/test-worker.js";

describe("the bounds of the histograms", () => {
  it("are those that are given", async () => {
    const { context } = createTestWorker(createFakeClock());
    const service = createMetricsService({
      context,
      durationBuckets: [0.5, 20],
      waitBuckets: [3_600],
    });
    const recorder = context.steps.recorder("orders");
    recorder.started(1);
    recorder.finished("completed", 600);
    const text = await service.prometheusFormat();
    const bounds = (name: string): string[] =>
      Array.from(
        text.matchAll(new RegExp(`^${name}_bucket.*le="([^"]+)".* (\\d+)$`, "gm")),
        (found) => found.slice(1).join(": "),
      );
    expect(bounds("tasker_worker_step_duration_seconds")).toEqual(["0.5: 0", "20.0: 1", "+Inf: 1"]);
    expect(bounds("tasker_worker_step_wait_seconds")).toEqual(["3600.0: 1", "+Inf: 1"]);
    service.close();
  });

  it.each([[[]], [[1, 1]], [[2, 1]], [[0, 1]], [[1, Number.NaN]], [[1, Infinity]], [["1"]], [5]])(
    "are not %j",
    (durationBuckets) => {
      const { context } = createTestWorker(createFakeClock());
      expect(() =>
        createMetricsService({ context, durationBuckets: durationBuckets as number[] }),
      ).toThrow(/durationBuckets.*ascending/);
    },
  );
});

describe("the options of a MetricsService", () => {
  it.each([
    { collectorTimeoutMs: 0 },
    { collectorTimeoutMs: Number.NaN },
    { collectorTimeoutMs: 2 ** 31 },
    { cacheTtlMs: -1 },
    { maxLabelValues: 0 },
  ])("rejects %j", (options) => {
    const make = (): unknown =>
      createMetricsService({ context: createTestWorker(createFakeClock()).context, ...options });
    expect(make).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringMatching(`^${Object.keys(options)[0]} must be a whole number`),
      }),
    );
  });

  it("names all wrong options at once", () => {
    const make = (): unknown =>
      createMetricsService({
        context: createTestWorker(createFakeClock()).context,
        collectorTimeoutMs: 0,
        cacheTtlMs: -1,
        maxLabelValues: 0,
      });
    expect(make).toThrow(/collectorTimeoutMs .* cacheTtlMs .* maxLabelValues/);
  });

  it.each([
    ["nothing", undefined, "createMetricsService takes an object with the options context, "],
    ["no context", {}, "context must be a WorkerContext, but is missing. createWorkerContext() "],
    [
      "a context that is none",
      { context: { clock: {} } },
      "context must be a WorkerContext, but lacks identity, ports, steps, lifecycle, liveness. createWorkerContext() makes one.",
    ],
  ])("requires a context, and rejects %s", (_what, options, problem) => {
    expect(() => createMetricsService(options as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem) as unknown,
      }),
    );
  });

  it("rejects an invalid registry, invalid sources and unknown options, all at once", () => {
    const { context } = createTestWorker(createFakeClock());
    const wrong = {
      context,
      registry: {},
      health: "healthy",
      templateCache: null,
      nodeMetrics: "yes",
      cacheTTLMs: 5,
      prefix: "my_",
    };
    const make = (): unknown => createMetricsService(wrong as never);
    expect(make).toThrow(ObservabilityError);
    expect(make).toThrowErrorMatchingInlineSnapshot(
      `[ObservabilityError: Unknown option "cacheTTLMs" of createMetricsService. Did you mean "cacheTtlMs"? Unknown option "prefix" of createMetricsService. It takes context, registry, health, templateCache, collectors, nodeMetrics, durationBuckets, waitBuckets, collectorTimeoutMs, cacheTtlMs, maxLabelValues. registry must be a Registry of prom-client, but lacks getMetricsAsArray, getSingleMetric, registerMetric, removeSingleMetric. health must be a HealthSource, not a string. templateCache must be a TemplateCacheSource, not null. nodeMetrics must be true or false, not a string.]`,
    );
  });
});
