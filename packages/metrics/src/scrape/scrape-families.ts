import type { Family } from "../family.js";

/** The families about the scrape itself; the runner fills them, not a collector. */
export const collectorSuccess: Family = {
  name: "tasker_worker_collector_success",
  type: "gauge",
  help: "1 if the collector read all of its source, 0 if it threw, timed out or read only part of it.",
  labels: ["collector"],
  merge: "min",
};
export const collectorDuration: Family = {
  name: "tasker_worker_collector_duration_seconds",
  type: "gauge",
  help: "Seconds that the collector took, or has taken so far where it is still running.",
  labels: ["collector"],
  merge: "max",
};
export const droppedSeries: Family = {
  name: "tasker_worker_dropped_series_total",
  type: "counter",
  help: "How often a label set beyond the family's limit was folded into __other__.",
  labels: ["family"],
};
export const scrapeFamilies: readonly Family[] = [
  collectorSuccess,
  collectorDuration,
  droppedSeries,
];
