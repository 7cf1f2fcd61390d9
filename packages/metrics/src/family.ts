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
  /** What becomes of two readings under one label set, as those beyond the label limit are. @default "sum" */
  readonly merge?: "sum" | "max" | "min" | undefined;
}

/** One sample, before it is text or JSON. */
export interface Point {
  /** The family's name, or that of a part of it: `…_bucket`, `…_sum`, `…_count`. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A family with its samples at one instant. */
export interface FamilySnapshot {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly points: readonly Point[];
}
