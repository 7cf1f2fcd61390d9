/** Labels of one sample by name; the values are well-formed text. */
export type Labels = Readonly<Record<string, string>>;

/** What a family is, in the words of the exposition formats. */
export type FamilyType = "counter" | "gauge" | "histogram" | "summary";

/** A family as the collector that fills it declares it, once. */
export interface Family {
  /** As in text 0.0.4: a counter's ends in `_total`. */
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly labels: readonly string[];
  /** How to combine two readings with one label set, such as those beyond the label limit. @default "sum" */
  readonly merge?: Merge | undefined;
  /** How prom-client's `AggregatorRegistry` combines the numbers of several processes. @default that of `merge` */
  readonly aggregator?: Merge | undefined;
}

/** How to combine several numbers. */
export type Merge = "sum" | "max" | "min";

/** An example measurement of a sample, such as one of a trace; OpenMetrics only. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  /** Seconds since 1970, or null. */
  readonly timestamp: number | null;
}

/** One sample, before it is text or JSON. */
export interface Point {
  /** The name of the family or of a part of it: `…_bucket`, `…_sum`, `…_count`. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  readonly exemplar?: Exemplar | undefined;
}

/** A family with its samples at one instant. */
export interface FamilySnapshot {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly points: readonly Point[];
}

/** The names that a family's samples may have: the same in both text formats. */
export function sampleNamesOf({
  name,
  type,
}: Pick<FamilySnapshot, "name" | "type">): readonly string[] {
  if (type === "histogram") return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  return type === "summary" ? [name, `${name}_sum`, `${name}_count`] : [name];
}
