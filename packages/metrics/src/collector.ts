import type { Metric } from "prom-client";
import type { Family, FamilySnapshot, Point } from "./family.js";

/** Records what a collector reads. */
export interface Readings {
  /**
   * Records one number; null records nothing.
   * @param labelValues - in the order of the family's label names.
   * @throws TypeError if the value is invalid for the family.
   */
  record(family: Family, labelValues: readonly string[], value: number | bigint | null): void;
  /** Takes samples over that are kept elsewhere, limits and all. */
  keep(family: Family, points: readonly Point[]): void;
  /** Reports that a part of the source could not be read: the rest is kept, and the collector does not count as a success. */
  incomplete(): void;
}

/** Reads one source. The runner handles time-outs, errors, label limits and order. */
export interface Collector {
  /** The value of the label `collector` in the families about collectors. */
  readonly name: string;
  readonly families: readonly Family[];
  /** Those of its families that prom-client keeps itself; the others are copied onto the registry when that is read. @default none */
  readonly live?: ReadonlyMap<Family, Metric> | undefined;
  collect(readings: Readings, signal: AbortSignal): Promise<void>;
}

/** The result of one run of a collector. */
export interface Collected {
  /** In the order in which the collector declares them; those without a sample are left out. */
  readonly families: readonly FamilySnapshot[];
  readonly complete: boolean;
}
