import type { Sample, WorkerMetrics } from "../worker-metrics.js";

/** The samples of one name, whatever their labels. */
export function samplesOf(name: string, metrics: WorkerMetrics["metrics"]): readonly Sample[] {
  return Object.values(metrics).filter((sample) => sample.name === name);
}

/** The families that have samples, sorted; a histogram is one. */
export function familiesIn(metrics: WorkerMetrics["metrics"]): readonly string[] {
  const names = Object.values(metrics).map(({ name, metric_type: type }) =>
    type === "histogram" ? name.replace(/_(bucket|sum|count)$/, "") : name,
  );
  return [...new Set(names)].sort();
}
