import { Counter, Histogram } from "prom-client";
import type { Family } from "../family.js";

export const stepsTotal: Family = {
  name: "tasker_worker_steps_total",
  type: "counter",
  help: "Attempts at steps that ended, by outcome; retried and failed are errors.",
  labels: ["namespace", "template", "step", "outcome"],
};
export const stepDuration: Family = {
  name: "tasker_worker_step_duration_seconds",
  type: "histogram",
  help: "Seconds that an attempt at a step took.",
  labels: ["namespace", "template", "step", "outcome"],
};
export const stepWait: Family = {
  name: "tasker_worker_step_wait_seconds",
  type: "histogram",
  help: "Seconds between a step's message becoming visible and its handler starting, first attempts only.",
  labels: ["namespace"],
};
export const stepsInFlight: Family = {
  name: "tasker_worker_steps_in_flight",
  type: "gauge",
  help: "Attempts at steps in progress; one that has timed out is over, although its handler may still run.",
  labels: ["namespace"],
};
export const stepsReleased: Family = {
  name: "tasker_worker_steps_given_back_total",
  type: "counter",
  help: "Times that a step went back to its queue without running, because this worker lacks what it needs; not counted as attempts.",
  labels: ["namespace", "reason"],
};
export const stepFamilies: readonly Family[] = [
  stepsTotal,
  stepDuration,
  stepWait,
  stepsInFlight,
  stepsReleased,
];

/** Upper bounds in seconds, ascending. */
export const durationBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
];
/** Upper bounds in seconds, ascending. */
export const waitBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 1_800,
];

/** The labels of outcomes and durations. */
export type StepLabel = "namespace" | "template" | "step" | "outcome";

/** The metrics that steps are recorded in, as prom-client keeps them. */
export interface StepMetrics {
  readonly total: Counter<StepLabel>;
  readonly duration: Histogram<StepLabel>;
  readonly wait: Histogram<"namespace">;
  readonly released: Counter<"namespace" | "reason">;
}

/** The bounds of the histograms, in seconds. */
export interface StepBuckets {
  readonly durationBuckets?: readonly number[] | undefined;
  readonly waitBuckets?: readonly number[] | undefined;
}

/** Makes them without registering them. */
export function createStepMetrics(buckets: StepBuckets = {}): StepMetrics {
  const unregistered = { registers: [] };
  const stepLabels: StepLabel[] = ["namespace", "template", "step", "outcome"];
  return {
    total: new Counter({
      ...unregistered,
      name: stepsTotal.name,
      help: stepsTotal.help,
      labelNames: stepLabels,
    }),
    duration: new Histogram({
      ...unregistered,
      name: stepDuration.name,
      help: stepDuration.help,
      labelNames: stepLabels,
      buckets: [...(buckets.durationBuckets ?? durationBuckets)],
    }),
    wait: new Histogram({
      ...unregistered,
      name: stepWait.name,
      help: stepWait.help,
      labelNames: ["namespace"],
      buckets: [...(buckets.waitBuckets ?? waitBuckets)],
    }),
    released: new Counter({
      ...unregistered,
      name: stepsReleased.name,
      help: stepsReleased.help,
      labelNames: ["namespace", "reason"],
    }),
  };
}
