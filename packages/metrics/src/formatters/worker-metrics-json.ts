import type { FamilySnapshot } from "../family.js";
import type { Sample, WorkerMetrics } from "../worker-metrics.js";
import { toNumberText } from "./text-line.js";

/** Writes families as the samples of {@link WorkerMetrics}, keyed by family. */
export function formatSamples(families: readonly FamilySnapshot[]): WorkerMetrics["metrics"] {
  return Object.freeze(
    Object.fromEntries(families.map((family) => [family.name, toSamples(family)])),
  );
}

function toSamples({ type, help, points }: FamilySnapshot): Sample[] {
  // Callers share what is answered, and prom-client's own label sets are among it.
  const samples = points.map(({ name, value, labels }): Sample =>
    Object.freeze({
      name,
      value: toJsonNumber(value),
      metric_type: type,
      labels: Object.freeze(labels),
      help,
    }),
  );
  return Object.freeze(samples) as Sample[];
}

/** JSON has no form for numbers that are not finite. */
function toJsonNumber(value: number): Sample["value"] {
  return Number.isFinite(value) ? value : (toNumberText(value) as "NaN" | "+Inf" | "-Inf");
}
