import { createStepStatistics, type StepOutcome } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createStepsCollector } from "../collectors/steps-collector.js";
import { collectOnce } from "../testing/collect-once.js";
import { createStepMetrics } from "./step-metrics.js";
import { StepMetricsSink } from "./step-metrics-sink.js";

function createSink(limit = 10): {
  readonly sink: StepMetricsSink;
  readonly samples: () => Promise<Record<string, number>>;
  readonly overflows: () => number;
} {
  const metrics = createStepMetrics();
  let overflows = 0;
  const sink = new StepMetricsSink({ metrics, limit, onOverflow: () => void (overflows += 1) });
  const samples = async (): Promise<Record<string, number>> =>
    (await collectOnce(createStepsCollector({ metrics, sink }))).samples;
  return { sink, samples, overflows: () => overflows };
}

describe("the recorder of steps", () => {
  it("counts attempts by outcome and spreads durations and waits over buckets, in seconds", async () => {
    const { sink, samples } = createSink();
    const recorder = sink.recorder("orders");
    recorder.started(20);
    recorder.started(4_000);
    recorder.finished("completed", 300);
    expect(await samples()).toMatchObject({
      "tasker_worker_steps_total{namespace=orders,outcome=completed}": 1,
      "tasker_worker_steps_in_flight{namespace=orders}": 1,
      "tasker_worker_step_duration_seconds_bucket{le=0.25,namespace=orders,outcome=completed}": 0,
      "tasker_worker_step_duration_seconds_bucket{le=0.5,namespace=orders,outcome=completed}": 1,
      "tasker_worker_step_duration_seconds_sum{namespace=orders,outcome=completed}": 0.3,
      "tasker_worker_step_wait_seconds_bucket{le=0.025,namespace=orders}": 1,
      "tasker_worker_step_wait_seconds_bucket{le=5.0,namespace=orders}": 2,
      "tasker_worker_step_wait_seconds_sum{namespace=orders}": 4.02,
    });
  });

  it("begins every outcome of a namespace at 0, so that the first failure is an increase", async () => {
    const { sink, samples } = createSink();
    sink.recorder("orders");
    expect(await samples()).toMatchObject({
      "tasker_worker_steps_total{namespace=orders,outcome=completed}": 0,
      "tasker_worker_steps_total{namespace=orders,outcome=retried}": 0,
      "tasker_worker_steps_total{namespace=orders,outcome=failed}": 0,
      "tasker_worker_steps_in_flight{namespace=orders}": 0,
    });
  });

  it("counts what went back without running by its reason, as no attempt", async () => {
    const { sink, samples } = createSink();
    sink.recorder("orders").released("handler_not_registered");
    expect(await samples()).toMatchObject({
      "tasker_worker_steps_given_back_total{namespace=orders,reason=template_not_found}": 0,
      "tasker_worker_steps_given_back_total{namespace=orders,reason=step_not_in_template}": 0,
      "tasker_worker_steps_given_back_total{namespace=orders,reason=handler_not_registered}": 1,
      "tasker_worker_steps_given_back_total{namespace=orders,reason=template_source_unavailable}": 0,
      "tasker_worker_steps_total{namespace=orders,outcome=retried}": 0,
    });
  });

  it("writes bounds the same in every format: 1.0, not 1", async () => {
    const { sink, samples } = createSink();
    sink.recorder("orders").finished("failed", 1_000);
    const bounds = Object.keys(await samples()).flatMap(
      (sample) => /duration_seconds_bucket\{le=([^,]+)/.exec(sample)?.[1] ?? [],
    );
    expect(bounds).toEqual([
      "0.005",
      "0.01",
      "0.025",
      "0.05",
      "0.1",
      "0.25",
      "0.5",
      "1.0",
      "2.5",
      "5.0",
      "10.0",
      "30.0",
      "60.0",
      "300.0",
      "+Inf",
    ]);
  });

  it("counts a step whose duration cannot be recorded, and takes a negative one for none", async () => {
    const { sink, samples } = createSink();
    const recorder = sink.recorder("orders");
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, -5]) {
      recorder.started(ms);
      recorder.finished("completed", ms);
    }
    expect(await samples()).toMatchObject({
      "tasker_worker_steps_total{namespace=orders,outcome=completed}": 3,
      "tasker_worker_step_duration_seconds_count{namespace=orders,outcome=completed}": 1,
      "tasker_worker_step_duration_seconds_sum{namespace=orders,outcome=completed}": 0,
      "tasker_worker_step_wait_seconds_count{namespace=orders}": 1,
    });
  });

  it("never throws, not even for an outcome that does not exist", () => {
    const recorder = createSink().sink.recorder("orders");
    expect(() => {
      recorder.finished("exploded" as StepOutcome, 1);
      recorder.finished("completed", "x" as unknown as number);
      recorder.started(undefined as unknown as number);
    }).not.toThrow();
  });

  it("does not go below 0 in flight if it sees only ends", async () => {
    const { sink, samples } = createSink();
    sink.recorder("orders").finished("completed", 1);
    expect((await samples())["tasker_worker_steps_in_flight{namespace=orders}"]).toBe(0);
  });

  it("gives the namespaces beyond its limit one recorder, whole histograms and all", async () => {
    const { sink, samples, overflows } = createSink(1);
    for (const namespace of ["a", "b", "c"]) sink.recorder(namespace).finished("retried", 10);
    expect(overflows()).toBe(2);
    expect(await samples()).toMatchObject({
      "tasker_worker_steps_total{namespace=a,outcome=retried}": 1,
      "tasker_worker_steps_total{namespace=__other__,outcome=retried}": 2,
      "tasker_worker_step_duration_seconds_count{namespace=__other__,outcome=retried}": 2,
    });
  });

  it("tells the steps of templates apart, besides the unnamed ones of the namespace", async () => {
    const { sink, samples } = createSink();
    const charge = sink.recorder("orders", "refund", "charge");
    charge.started(20);
    charge.finished("retried", 300);
    sink.recorder("orders", "refund", "check").finished("completed", 1);
    sink.recorder("orders").finished("failed", 1);
    sink.recorder("orders").started(0);
    const names = "namespace=orders,template=refund,step=charge,outcome=retried";
    expect(await samples()).toMatchObject({
      [`tasker_worker_steps_total{${names}}`]: 1,
      [`tasker_worker_step_duration_seconds_sum{${names}}`]: 0.3,
      "tasker_worker_steps_total{namespace=orders,template=refund,step=charge,outcome=failed}": 0,
      "tasker_worker_steps_total{namespace=orders,template=refund,step=check,outcome=completed}": 1,
      "tasker_worker_steps_total{namespace=orders,outcome=failed}": 1,
      "tasker_worker_steps_total{namespace=orders,outcome=retried}": 0,
      "tasker_worker_step_wait_seconds_count{namespace=orders}": 2,
      "tasker_worker_steps_in_flight{namespace=orders}": 1,
    });
  });

  it("counts the steps beyond its limit as the others of their namespace", async () => {
    const { sink, samples, overflows } = createSink(2);
    for (const namespace of ["orders", "billing"])
      for (const step of ["a", "b", "c"])
        sink.recorder(namespace, "refund", step).finished("retried", 1);
    expect(overflows()).toBe(4);
    const others = (namespace: string): string =>
      `tasker_worker_steps_total{namespace=${namespace},template=__other__,step=__other__,outcome=retried}`;
    expect(await samples()).toMatchObject({ [others("orders")]: 1, [others("billing")]: 3 });
  });

  it("records steps from the context's statistics until it is detached", async () => {
    const { sink, samples } = createSink();
    const steps = createStepStatistics({ clock: createFakeClock() });
    const recorder = steps.recorder("orders");
    const detach = steps.attach(sink);
    recorder.finished("completed", 1);
    detach();
    recorder.finished("completed", 1);
    expect((await samples())["tasker_worker_steps_total{namespace=orders,outcome=completed}"]).toBe(
      1,
    );
  });

  it("keeps namespaces apart that look like labels", async () => {
    const { sink, samples } = createSink();
    sink.recorder("a,outcome:completed").finished("failed", 1);
    sink.recorder("a").finished("completed", 1);
    const counts = Object.entries(await samples()).filter(
      ([sample, value]) => sample.startsWith("tasker_worker_steps_total") && value === 1,
    );
    expect(counts).toHaveLength(2);
  });
});
