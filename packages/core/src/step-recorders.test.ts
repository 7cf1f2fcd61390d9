import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import type { StepSink } from "./step-recorder.js";
import { OVERFLOW_LABEL } from "./step-recorders.js";
import { createStepStatistics, type StepStatistics } from "./step-statistics.js";

const mostSteps = 10_000;

/** Statistics with the names that a sink was asked for a recorder of. */
function createWatched(): { readonly steps: StepStatistics; readonly names: readonly string[] } {
  const names: string[] = [];
  const nothing = (): void => undefined;
  const sink: StepSink = {
    recorder(...of) {
      names.push(of.join("/"));
      return { started: nothing, finished: nothing, released: nothing };
    },
  };
  const steps = createStepStatistics({ clock: createFakeClock() });
  steps.attach(sink);
  return { steps, names };
}

describe("recorders of steps", () => {
  it("are one for one step, and another for the steps of its namespace that have no name", () => {
    const { steps, names } = createWatched();
    const charge = steps.recorder("orders", "refund", "charge");
    expect(steps.recorder("orders", "refund", "charge")).toBe(charge);
    expect(steps.recorder("orders", "refund")).toBe(steps.recorder("orders"));
    const others = [
      steps.recorder("orders", "refund", "check"),
      steps.recorder("orders", "cancel", "charge"),
      steps.recorder("billing", "refund", "charge"),
      steps.recorder("orders"),
    ];
    expect(new Set([charge, ...others]).size).toBe(5);
    expect(names.filter((name) => name.startsWith("orders"))).toEqual([
      "orders",
      "orders/refund/charge",
      "orders/refund/check",
      "orders/cancel/charge",
    ]);
  });

  it("count into one window", () => {
    const { steps } = createWatched();
    steps.recorder("orders", "refund", "charge").started(1);
    steps.recorder("orders", "refund", "charge").finished("failed", 1);
    steps.start("orders", { template: "refund", step: "check" });
    expect(steps.window()).toMatchObject({ samples: 1, errors: 1, in_flight: 1 });
  });

  it("beyond the ten-thousandth step are one a namespace, and each lookup is counted", () => {
    const { steps, names } = createWatched();
    for (let index = 0; index < mostSteps; index += 1)
      steps.recorder("orders", `template_${index % 100}`, `step_${index}`);
    expect(steps.overflowed()).toBe(0);
    const overflow = steps.recorder("orders", "one", "more");
    expect(steps.recorder("orders", "and", "another")).toBe(overflow);
    expect(steps.recorder("billing", "refund", "charge")).not.toBe(overflow);
    expect(steps.recorder("orders", "template_7", "step_7")).not.toBe(overflow);
    expect(steps.overflowed()).toBe(3);
    expect(names.filter((name) => name.endsWith(OVERFLOW_LABEL))).toEqual([
      `orders/${OVERFLOW_LABEL}/${OVERFLOW_LABEL}`,
      `billing/${OVERFLOW_LABEL}/${OVERFLOW_LABEL}`,
    ]);
  });
});
