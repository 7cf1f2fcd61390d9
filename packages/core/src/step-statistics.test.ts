import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { OVERFLOW_LABEL } from "./step-recorders.js";
import { createStepStatistics } from "./step-statistics.js";
import type { StepRecorder, StepSink } from "./step-recorder.js";

function recordingSink(): StepSink & { readonly records: string[] } {
  const records: string[] = [];
  return {
    records,
    recorder: (...of): StepRecorder => {
      const name = of.join("/");
      return {
        started: (waitMs) => void records.push(`${name} started after ${waitMs}`),
        finished: (outcome, durationMs) => void records.push(`${name} ${outcome} in ${durationMs}`),
        released: (reason) => void records.push(`${name} given back: ${reason}`),
      };
    },
  };
}

function freeHeapBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

describe("createStepStatistics", () => {
  it("counts attempts, errors and steps under way over all namespaces", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    const [orders, billing] = [steps.recorder("orders"), steps.recorder("billing")];
    for (const recorder of [orders, orders, billing, billing]) recorder.started(1);
    orders.finished("completed", 10);
    billing.finished("retried", 10);
    billing.finished("failed", 10);
    billing.released("template_not_found");
    expect(steps.window()).toEqual({
      samples: 3,
      errors: 2,
      in_flight: 1,
      released: 1,
      window_seconds: 300,
    });
  });

  it("forgets what is older than its window", async () => {
    const clock = createFakeClock();
    const steps = createStepStatistics({ clock, windowSeconds: 60 });
    steps.recorder("orders").finished("failed", 1);
    await clock.advance(58_000);
    expect(steps.window()).toMatchObject({ samples: 1, window_seconds: 60 });
    await clock.advance(2_000);
    expect(steps.window()).toMatchObject({ samples: 0, errors: 0 });
  });

  it("gives one recorder for one namespace", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    expect(steps.recorder("orders")).toBe(steps.recorder("orders"));
  });

  it("counts an end without a start, and never fewer than 0 steps in flight", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    steps.recorder("orders").started(1);
    steps.recorder("jobs").finished("completed", 1);
    expect(steps.window()).toMatchObject({ samples: 1, in_flight: 1 });
    steps.recorder("orders").finished("completed", 1);
    steps.recorder("orders").finished("completed", 1);
    expect(steps.window()).toMatchObject({ samples: 3, in_flight: 0 });
  });

  it("puts namespaces beyond the thousandth together, and counts how often", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    for (let index = 0; index < 1_000; index += 1) steps.recorder(`namespace_${index}`);
    expect(steps.overflowed()).toBe(0);
    const overflow = steps.recorder("one_more");
    expect(steps.recorder("and_another")).toBe(overflow);
    expect(steps.recorder(OVERFLOW_LABEL)).toBe(overflow);
    expect(steps.recorder("namespace_7")).not.toBe(overflow);
    expect(steps.overflowed()).toBe(2);
  });

  it("keeps its memory, however many namespaces and steps there are", () => {
    const clock = createFakeClock();
    const steps = createStepStatistics({ clock });
    const work = (rounds: number): void => {
      const recorder = steps.recorder("orders");
      for (let round = 0; round < rounds; round += 1) {
        recorder.started(1);
        recorder.finished(round % 3 === 0 ? "failed" : "completed", 2);
      }
    };
    const growthBytes = Array.from({ length: 6 }, (_, round) => {
      const before = freeHeapBytes();
      for (let index = 0; index < 20_000; index += 1) steps.recorder(`namespace_${round}_${index}`);
      work(50_000);
      return freeHeapBytes() - before;
    });
    // What is kept grows in every round; other work of the runtime (a compiled function, a collected page) does not.
    expect(Math.min(...growthBytes.slice(1))).toBeLessThan(200_000);
  });

  it("sends every record to each sink, for recorders from before and after it was attached", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    const early = steps.recorder("orders");
    const sinks = [recordingSink(), recordingSink()];
    for (const sink of sinks) steps.attach(sink);
    early.started(5);
    early.finished("completed", 7);
    steps.recorder("billing").finished("failed", 9);
    for (const sink of sinks)
      expect(sink.records).toEqual([
        "orders started after 5",
        "orders completed in 7",
        "billing failed in 9",
      ]);
  });

  it("asks a sink once for the recorder of a namespace", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    steps.recorder("orders");
    const inner = recordingSink();
    const recorder = vi.fn((namespace: string) => inner.recorder(namespace));
    steps.attach({ recorder });
    steps.attach(recordingSink())();
    steps.recorder("orders");
    steps.recorder("billing");
    expect(recorder.mock.calls).toEqual([["orders"], ["billing"]]);
  });

  it("stops sending to a sink that is detached, and to no other", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    const [kept, dropped] = [recordingSink(), recordingSink()];
    steps.attach(kept);
    const detach = steps.attach(dropped);
    detach();
    detach();
    steps.recorder("orders").started(1);
    expect(kept.records).toHaveLength(1);
    expect(dropped.records).toEqual([]);
  });

  it("detaches a sink that was attached twice one by one", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    const sink = recordingSink();
    steps.attach(sink);
    steps.attach(sink)();
    steps.recorder("orders").started(1);
    expect(sink.records).toHaveLength(1);
  });

  it("lets no sink fail a step or another sink, whatever it throws and wherever", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    const fail = (): never => {
      throw new Error("no");
    };
    const early = steps.recorder("orders");
    const good = recordingSink();
    steps.attach({ recorder: fail });
    steps.attach({ recorder: () => ({ started: fail, finished: fail, released: fail }) });
    steps.attach(good);
    for (const recorder of [early, steps.recorder("billing")]) {
      recorder.started(1);
      recorder.finished("completed", 1);
      recorder.released("template_not_found");
    }
    expect(good.records).toHaveLength(6);
    expect(steps.window()).toMatchObject({ samples: 2, in_flight: 0 });
  });

  it("records a step from its start to its end, with the time between them", async () => {
    const clock = createFakeClock();
    const steps = createStepStatistics({ clock });
    const sink = recordingSink();
    steps.attach(sink);
    const end = steps.start("orders", { waitMs: 12 });
    expect(steps.window()).toMatchObject({ in_flight: 1, samples: 0 });
    await clock.advance(340);
    end("completed");
    steps.start("orders")("failed");
    expect(sink.records).toEqual([
      "orders started after 12",
      "orders completed in 340",
      "orders started after NaN",
      "orders failed in 0",
    ]);
    expect(steps.window()).toMatchObject({ in_flight: 0, samples: 2, errors: 1 });
  });

  it("records one end of a step, the first", () => {
    const steps = createStepStatistics({ clock: createFakeClock() });
    const end = steps.start("orders");
    end("completed");
    end("failed");
    expect(steps.window()).toMatchObject({ samples: 1, errors: 0, in_flight: 0 });
  });
});
