import { createStepStatistics } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createStepProcessingCheck, type ErrorRateThresholds } from "./step-processing-check.js";

const never = new AbortController().signal;
const signals = { abandoned: never };

function resultOf(
  counts: { completed?: number; retried?: number; failed?: number },
  thresholds: ErrorRateThresholds = {},
): unknown {
  const steps = createStepStatistics({ clock: createFakeClock() });
  const recorder = steps.recorder("orders");
  for (const outcome of ["completed", "retried", "failed"] as const) {
    for (let step = 0; step < (counts[outcome] ?? 0); step += 1) recorder.finished(outcome, 5);
  }
  return createStepProcessingCheck({ steps, ...thresholds }).run(never, signals);
}

describe("the step processing check", () => {
  it("is healthy without steps, and reports how many there were", () => {
    expect(resultOf({})).toEqual({
      status: "healthy",
      message: "0 of 0 steps failed in the last 300 s",
    });
  });

  it("evaluates no rate from fewer than 20 steps", () => {
    expect(resultOf({ failed: 19 })).toEqual({
      status: "healthy",
      message: "19 of 19 steps failed in the last 300 s",
    });
    expect(resultOf({ failed: 20 })).toMatchObject({ status: "unhealthy" });
  });

  it("is degraded from 5 % of errors and unhealthy from 15 %", () => {
    expect(resultOf({ completed: 96, failed: 4 })).toMatchObject({ status: "healthy" });
    expect(resultOf({ completed: 95, failed: 5 })).toEqual({
      status: "degraded",
      message: "5 of 100 steps failed in the last 300 s",
    });
    expect(resultOf({ completed: 86, failed: 14 })).toMatchObject({ status: "degraded" });
    expect(resultOf({ completed: 85, failed: 15 })).toMatchObject({ status: "unhealthy" });
  });

  it("counts a retried attempt as an error", () => {
    expect(resultOf({ completed: 95, retried: 3, failed: 2 })).toMatchObject({
      status: "degraded",
    });
  });

  it("is degraded by steps that were given back, without counting them as errors", async () => {
    const clock = createFakeClock();
    const steps = createStepStatistics({ clock, windowSeconds: 60 });
    const check = createStepProcessingCheck({ steps });
    const recorder = steps.recorder("orders");
    for (let step = 0; step < 30; step += 1) recorder.released("handler_not_registered");
    recorder.finished("completed", 5);
    expect(check.run(never, signals)).toEqual({
      status: "degraded",
      message:
        "0 of 1 steps failed in the last 60 s; 30 times one was given back without running: this worker cannot run it, its log says why",
    });
    for (let step = 0; step < 30; step += 1) recorder.finished("failed", 5);
    expect(check.run(never, signals)).toMatchObject({ status: "unhealthy" });
    await clock.advance(61_000);
    expect(check.run(never, signals)).toMatchObject({ status: "healthy" });
  });

  it("forgets steps older than the window", async () => {
    const clock = createFakeClock();
    const steps = createStepStatistics({ clock, windowSeconds: 60 });
    const check = createStepProcessingCheck({ steps });
    for (let step = 0; step < 30; step += 1) steps.recorder("orders").finished("failed", 5);
    expect(check.run(never, signals)).toMatchObject({ status: "unhealthy" });
    await clock.advance(61_000);
    expect(check.run(never, signals)).toEqual({
      status: "healthy",
      message: "0 of 0 steps failed in the last 60 s",
    });
  });

  it("uses the given thresholds", () => {
    expect(
      resultOf({ completed: 3, failed: 1 }, { minSamples: 4, degraded: 0.25, unhealthy: 0.5 }),
    ).toMatchObject({ status: "degraded" });
    expect(
      resultOf({ completed: 2, failed: 2 }, { minSamples: 4, degraded: 0.25, unhealthy: 0.5 }),
    ).toMatchObject({ status: "unhealthy" });
  });
});
