import type { FamilySnapshot, Point } from "../family.js";
import type { Sample, WorkerMetrics } from "../worker-metrics.js";
import { toSampleName } from "./text-line.js";

/** Writes families as the samples of {@link WorkerMetrics}, each under its name and labels. */
export function formatSamples(
  families: readonly FamilySnapshot[],
): Pick<WorkerMetrics, "metrics" | "omitted"> {
  const entries: [key: string, sample: Sample][] = [];
  let omitted = 0;
  for (const family of families)
    for (const point of family.points) {
      // JSON has no form for numbers that are not finite.
      if (Number.isFinite(point.value))
        entries.push([toSampleName(point), toSample(family, point)]);
      else omitted += 1;
    }
  return { metrics: Object.freeze(Object.fromEntries(entries)), omitted };
}

function toSample({ type, help }: FamilySnapshot, { name, value, labels }: Point): Sample {
  // Callers share the answer, which contains prom-client's own label sets.
  return Object.freeze({ name, value, metric_type: type, labels: Object.freeze(labels), help });
}
