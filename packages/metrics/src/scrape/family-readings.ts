import type { Collected, Readings } from "../collector.js";
import type { Family, Labels, Point } from "../family.js";
import type { LabelSets } from "./label-sets.js";
import { toReadingValue } from "./reading-value.js";

const merges = {
  sum: (one: number, other: number) => one + other,
  max: Math.max,
  min: Math.min,
};

/** The readings of one run of one collector, merged by label set. */
export class FamilyReadings implements Readings {
  readonly #labelSets: ReadonlyMap<Family, LabelSets>;
  readonly #values = new Map<Family, Map<Labels, number>>();
  readonly #kept = new Map<Family, readonly Point[]>();
  #complete = true;

  constructor(labelSets: ReadonlyMap<Family, LabelSets>) {
    this.#labelSets = labelSets;
  }

  record(family: Family, labelValues: readonly string[], value: number | bigint | null): void {
    if (value === null) return;
    const labelSets = this.#labelSets.get(family);
    if (labelSets === undefined)
      throw new TypeError(`${family.name} is not declared by this collector.`);
    const labels = labelSets.of(labelValues);
    const reading = toReadingValue(family, value);
    const values = this.#valuesOf(family);
    const earlier = values.get(labels);
    values.set(
      labels,
      earlier === undefined ? reading : merges[family.merge ?? "sum"](earlier, reading),
    );
  }

  keep(family: Family, points: readonly Point[]): void {
    this.#kept.set(family, points);
  }

  incomplete(): void {
    this.#complete = false;
  }

  finish(): Collected {
    const families = [...this.#labelSets.keys()].map((family) => ({
      name: family.name,
      type: family.type,
      help: family.help,
      points: this.#kept.get(family) ?? toPoints(family, this.#values.get(family)),
    }));
    return {
      families: families.filter(({ points }) => points.length > 0),
      complete: this.#complete,
    };
  }

  #valuesOf(family: Family): Map<Labels, number> {
    const known = this.#values.get(family);
    if (known !== undefined) return known;
    const values = new Map<Labels, number>();
    this.#values.set(family, values);
    return values;
  }
}

function toPoints(
  family: Family,
  values: ReadonlyMap<Labels, number> | undefined,
): readonly Point[] {
  if (values === undefined) return [];
  return Array.from(values, ([labels, value]) => ({ name: family.name, labels, value }));
}
