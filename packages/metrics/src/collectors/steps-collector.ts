import type { Metric } from "prom-client";
import type { Collector } from "../collector.js";
import type { Family, Labels, Point } from "../family.js";
import {
  stepDuration,
  stepFamilies,
  type StepMetrics,
  stepsReleased,
  stepsInFlight,
  stepsTotal,
  stepWait,
} from "../steps/step-metrics.js";
import type { StepMetricsSink } from "../steps/step-metrics-sink.js";

/** What {@link createStepsCollector} reads. */
export interface StepsSource {
  readonly metrics: StepMetrics;
  readonly sink: Pick<StepMetricsSink, "inFlight">;
}

/** The steps as they were recorded. */
export function createStepsCollector({ metrics, sink }: StepsSource): Collector {
  return {
    name: "steps",
    families: stepFamilies,
    live: new Map<Family, Metric>([
      [stepsTotal, metrics.total],
      [stepDuration, metrics.duration],
      [stepWait, metrics.wait],
      [stepsReleased, metrics.released],
    ]),
    async collect(readings) {
      readings.keep(stepsTotal, toPoints(stepsTotal, (await metrics.total.get()).values));
      readings.keep(stepDuration, toPoints(stepDuration, (await metrics.duration.get()).values));
      readings.keep(stepWait, toPoints(stepWait, (await metrics.wait.get()).values));
      for (const [namespace, count] of sink.inFlight())
        readings.record(stepsInFlight, [namespace], count);
      readings.keep(stepsReleased, toPoints(stepsReleased, (await metrics.released.get()).values));
    },
  };
}

interface StoredValue {
  readonly metricName?: string;
  readonly value: number;
  readonly labels: Partial<Record<string, string | number>>;
}

function toPoints(family: Family, values: readonly StoredValue[]): readonly Point[] {
  return values.map(({ metricName, value, labels }) => {
    // prom-client copies a histogram's label sets for each reader, so they can be changed in place.
    if (labels.le !== undefined) labels.le = toBoundText(labels.le);
    return { name: metricName ?? family.name, labels: labels as Labels, value };
  });
}

/** Bounds as OpenMetrics writes numbers, `1.0` and not `1`: in both formats, for a bound is a label and must not depend on the format. */
function toBoundText(bound: string | number): string {
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
