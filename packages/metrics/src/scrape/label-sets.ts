import { OVERFLOW_LABEL } from "@tasker-observability/core";
import type { Labels } from "../family.js";

/** Options of {@link LabelSets}. */
export interface LabelSetsOptions {
  readonly names: readonly string[];
  /** How many distinct label sets there may be, `__other__` not counted. */
  readonly limit: number;
  /** Called for each lookup that ended under `__other__`. */
  readonly onOverflow: () => void;
}

/**
 * The label sets that a family has used so far. Those beyond the limit are all `__other__`.
 * A set keeps its place for the life of the process, so that what a scraper stores is bounded too.
 */
export class LabelSets {
  readonly #options: LabelSetsOptions;
  readonly #known = new Map<string, Labels>();
  /** What stands for the sets beyond the limit. */
  readonly overflow: Labels;

  constructor(options: LabelSetsOptions) {
    this.#options = options;
    const values = options.names.map(() => OVERFLOW_LABEL);
    this.overflow = toLabels(options.names, values);
    this.#known.set(keyOf(values), this.overflow);
  }

  /** The one object for these values. */
  of(values: readonly string[]): Labels {
    const clean = values.map(toWellFormed);
    const key = keyOf(clean);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size > this.#options.limit) {
      this.#options.onOverflow();
      return this.overflow;
    }
    const labels = toLabels(this.#options.names, clean);
    this.#known.set(key, labels);
    return labels;
  }
}

const loneSurrogate = /\p{Surrogate}/gu;

/** UTF-8 has no lone surrogates: two values that differ only in one would give the same series twice. */
export function toWellFormed(value: unknown): string {
  const text = String(value);
  return text.search(loneSurrogate) === -1 ? text : text.replace(loneSurrogate, "\uFFFD");
}

// The length comes first, so that one value cannot look like two.
function keyOf(values: readonly string[]): string {
  let key = "";
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}

function toLabels(names: readonly string[], values: readonly string[]): Labels {
  return Object.freeze(Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""])));
}
