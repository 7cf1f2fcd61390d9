import type { FamilySnapshot, Labels } from "../family.js";
import { formatOpenMetricsText } from "../formatters/openmetrics-text.js";
import { formatPrometheusText } from "../formatters/prometheus-text.js";
import { formatSamples } from "../formatters/worker-metrics-json.js";
import type { WorkerMetrics } from "../worker-metrics.js";

/** Options of {@link Snapshot}. */
export interface SnapshotOptions {
  readonly families: readonly FamilySnapshot[];
  /** Labels that every sample gets, unless it already has one of that name. */
  readonly defaultLabels: Labels;
  readonly timestamp: string;
  readonly workerId: string;
}

/** The samples of one instant. Each format is written when first asked for, and once. */
export class Snapshot {
  readonly #families: readonly FamilySnapshot[];
  readonly #timestamp: string;
  readonly #workerId: string;
  #prometheusText: string | undefined;
  #openMetricsText: string | undefined;
  #workerMetrics: WorkerMetrics | undefined;

  constructor({ families, defaultLabels, timestamp, workerId }: SnapshotOptions) {
    this.#families =
      Object.keys(defaultLabels).length === 0
        ? families
        : families.map((family) => withLabels(family, defaultLabels));
    this.#timestamp = timestamp;
    this.#workerId = workerId;
  }

  prometheusText(): string {
    return (this.#prometheusText ??= formatPrometheusText(this.#families));
  }

  openMetricsText(): string {
    return (this.#openMetricsText ??= formatOpenMetricsText(this.#families));
  }

  workerMetrics(): WorkerMetrics {
    return (this.#workerMetrics ??= Object.freeze({
      ...formatSamples(this.#families),
      timestamp: this.#timestamp,
      worker_id: this.#workerId,
    }));
  }
}

function withLabels(family: FamilySnapshot, defaultLabels: Labels): FamilySnapshot {
  const points = family.points.map((point) => ({
    ...point,
    labels: { ...point.labels, ...defaultLabels, ...point.labels },
  }));
  return { ...family, points };
}
