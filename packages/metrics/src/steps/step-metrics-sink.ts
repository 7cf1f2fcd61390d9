import type { StepRecorder, StepSink } from "@tasker-observability/core";
import type { Labels } from "../family.js";
import { LabelSets } from "../scrape/label-sets.js";
import type { StepMetrics } from "./step-metrics.js";
import { NamespaceMetrics, StepMetricsRecorder } from "./step-metrics-recorder.js";

/** Options of {@link StepMetricsSink}. */
export interface StepMetricsSinkOptions {
  readonly metrics: StepMetrics;
  /** How many namespaces, and how many steps, get their own recorder. */
  readonly limit: number;
  /** Called for each namespace and step beyond that. */
  readonly onOverflow: () => void;
}

/** Writes steps into prom-client. Its children are looked up once per step and outcome, never per run. */
export class StepMetricsSink implements StepSink {
  readonly #metrics: StepMetrics;
  readonly #namespaceLabels: LabelSets;
  readonly #stepLabels: LabelSets;
  readonly #namespaces = new Map<Labels, NamespaceMetrics>();
  readonly #recorders = new Map<Labels, StepMetricsRecorder>();

  constructor({ metrics, ...limits }: StepMetricsSinkOptions) {
    this.#metrics = metrics;
    this.#namespaceLabels = new LabelSets({ ...limits, names: ["namespace"] });
    this.#stepLabels = new LabelSets({ ...limits, names: ["namespace", "template", "step"] });
  }

  recorder(namespace: string, template?: string, step?: string): StepRecorder {
    const shared = this.#namespaceOf(namespace);
    const labels = this.#labelsOf(shared, template, step);
    const known = this.#recorders.get(labels);
    if (known !== undefined) return known;
    const recorder = new StepMetricsRecorder(labels, shared, this.#metrics);
    this.#recorders.set(labels, recorder);
    return recorder;
  }

  /** Running steps by namespace. */
  inFlight(): Iterable<readonly [namespace: string, count: number]> {
    return Array.from(
      this.#namespaces.values(),
      ({ namespace, inFlight }) => [namespace, inFlight] as const,
    );
  }

  #namespaceOf(namespace: string): NamespaceMetrics {
    const labels = this.#namespaceLabels.of([namespace]);
    const known = this.#namespaces.get(labels);
    if (known !== undefined) return known;
    const created = new NamespaceMetrics(labels, this.#metrics);
    this.#namespaces.set(labels, created);
    return created;
  }

  #labelsOf(shared: NamespaceMetrics, template?: string, step?: string): Labels {
    if (template === undefined || step === undefined) return shared.labels;
    const labels = this.#stepLabels.of([shared.namespace, template, step]);
    return labels === this.#stepLabels.overflow ? shared.overflow : labels;
  }
}
