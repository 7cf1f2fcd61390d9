import { expect, it } from "vitest";
import { createStepMetrics } from "../steps/step-metrics.js";
import { StepMetricsSink } from "../steps/step-metrics-sink.js";
import { collectOnce } from "../testing/collect-once.js";
import { createStepsCollector } from "./steps-collector.js";

function setUp() {
  const metrics = createStepMetrics();
  const sink = new StepMetricsSink({ metrics, limit: 10, onOverflow: () => undefined });
  return { sink, collector: createStepsCollector({ metrics, sink }) };
}

it("reads what was recorded of steps, and those in flight", async () => {
  const { sink, collector } = setUp();
  const recorder = sink.recorder("orders");
  recorder.started(250);
  recorder.started(0);
  recorder.finished("failed", 2_000);
  recorder.released("handler_not_registered");
  const { samples } = await collectOnce(collector);
  expect(samples).toMatchObject({
    "tasker_worker_steps_total{namespace=orders,outcome=failed}": 1,
    "tasker_worker_steps_total{namespace=orders,outcome=completed}": 0,
    "tasker_worker_step_duration_seconds_sum{namespace=orders,outcome=failed}": 2,
    "tasker_worker_step_wait_seconds_sum{namespace=orders}": 0.25,
    "tasker_worker_step_wait_seconds_count{namespace=orders}": 2,
    "tasker_worker_steps_in_flight{namespace=orders}": 1,
    "tasker_worker_steps_given_back_total{namespace=orders,reason=handler_not_registered}": 1,
  });
});

it("writes whole bounds of buckets as OpenMetrics does, in both formats", async () => {
  const { sink, collector } = setUp();
  sink.recorder("orders").started(1_000);
  const { samples } = await collectOnce(collector);
  const wait = (bound: string) =>
    Object.entries(samples).find(
      ([name]) =>
        name.startsWith("tasker_worker_step_wait_seconds_bucket") && name.includes(`le=${bound}`),
    )?.[1];
  expect([wait("0.5"), wait("1.0"), wait("+Inf")]).toEqual([0, 1, 1]);
});

it("has no samples before the first step", async () => {
  expect((await collectOnce(setUp().collector)).samples).toEqual({});
});
