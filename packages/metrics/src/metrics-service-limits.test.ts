import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createMetricsService } from "./metrics-service.js";
import { samplesOf } from "./testing/samples.js";
import { createTestWorker, queueStatistics } from "./testing/test-worker.js";

describe("the limit of label values", () => {
  it("folds 100 000 namespaces into the limit, and counts the dropped ones", async () => {
    const namespaces = Array.from({ length: 100_000 }, (_, index) => `namespace_${index}`);
    const { context } = createTestWorker(createFakeClock(), {
      ports: {
        queues: {
          statistics: () =>
            Promise.resolve(
              namespaces.map((namespace) => queueStatistics({ namespace, depth: 1 })),
            ),
        },
      },
    });
    const service = createMetricsService({ context });
    for (const namespace of namespaces) context.steps.recorder(namespace).finished("failed", 1);
    const { metrics } = await service.collectMetrics();
    const valueOf = (family: string, labels: Record<string, string>): unknown =>
      samplesOf(family, metrics).find((sample) =>
        Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
      )?.value;
    expect(samplesOf("tasker_worker_queue_depth", metrics)).toHaveLength(1_001);
    expect(valueOf("tasker_worker_queue_depth", { namespace: "__other__" })).toBe(99_000);
    expect(
      valueOf("tasker_worker_steps_total", { namespace: "__other__", outcome: "failed" }),
    ).toBe(99_000);
    expect(samplesOf("tasker_worker_steps_total", metrics)).toHaveLength(3 * 1_001);
    for (const family of [
      "tasker_worker_queue_depth",
      "tasker_worker_steps_total",
      "tasker_worker_step_duration_seconds",
    ]) {
      expect(valueOf("tasker_worker_dropped_series_total", { family })).toBe(99_000);
    }
  });

  it("uses the given limit", async () => {
    const { context } = createTestWorker(createFakeClock());
    const service = createMetricsService({ context, maxLabelValues: 2 });
    for (const namespace of ["a", "b", "c", "d"]) context.steps.recorder(namespace).started(1);
    const { metrics } = await service.collectMetrics();
    expect(
      samplesOf("tasker_worker_steps_in_flight", metrics).map(({ labels, value }) => [
        labels.namespace,
        value,
      ]),
    ).toEqual([
      ["a", 1],
      ["b", 1],
      ["__other__", 2],
    ]);
    expect(samplesOf("tasker_worker_dropped_series_total", metrics)).toContainEqual(
      expect.objectContaining({ labels: { family: "tasker_worker_steps_in_flight" }, value: 2 }),
    );
  });
});
