import type { ExpositionFormat } from "@tasker-observability/testkit";
import type { FamilySnapshot } from "../family.js";
import { formatOpenMetricsText } from "../formatters/openmetrics-text.js";
import { formatPrometheusText } from "../formatters/prometheus-text.js";

export const formats: readonly (readonly [
  ExpositionFormat,
  (families: readonly FamilySnapshot[]) => string,
])[] = [
  ["prometheus", formatPrometheusText],
  ["openmetrics", formatOpenMetricsText],
];

export const types = ["counter", "gauge", "histogram", "summary"] as const;

export function familyOf(type: FamilySnapshot["type"], name: string): FamilySnapshot {
  const sample = (suffix: string, labels = {}) => ({ name: name + suffix, labels, value: 1 });
  const counts = [sample("_sum"), sample("_count")];
  const points = {
    counter: [sample("")],
    gauge: [sample("")],
    histogram: [sample("_bucket", { le: "+Inf" }), ...counts],
    summary: [sample("", { quantile: "0.5" }), ...counts],
  };
  return { name, type, help: "Help.", points: points[type] };
}

export const steps: FamilySnapshot = {
  name: "steps_total",
  type: "counter",
  help: 'Steps \\ "done"\nby now.',
  points: [{ name: "steps_total", labels: { namespace: "orders", outcome: "failed" }, value: 3 }],
};

export const depth: FamilySnapshot = {
  name: "depth",
  type: "gauge",
  help: "Depth.",
  points: [{ name: "depth", labels: {}, value: 0.5 }],
};
