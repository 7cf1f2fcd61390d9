/** A format that Prometheus reads: text 0.0.4 or OpenMetrics 1.0.0. */
export type ExpositionFormat = "prometheus" | "openmetrics";

export interface ExpositionSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** OpenMetrics only. */
  readonly exemplar?: ExpositionExemplar;
}

export interface ExpositionExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp?: number;
}

/** A family with its samples; in OpenMetrics a counter's name has no `_total`. */
export interface ExpositionFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ExpositionSample[];
}
