import type { Clock, SharedResult } from "@tasker-observability/core";
import type { Collected } from "../collector.js";
import { type FamilySnapshot, type Point, sampleNamesOf } from "../family.js";
import { collectorDuration, collectorSuccess } from "./scrape-families.js";
import { registryCollector, type Source } from "./source.js";

/** All sources read once, at the same time. Results that have arrived can be read before the others. */
export class Collection {
  /** Resolves when all have ended; never rejects. */
  readonly ended: Promise<void>;
  readonly #sources: readonly Source[];
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #results = new Map<Source, SharedResult<Collected>>();

  constructor(sources: readonly Source[], clock: Clock) {
    this.#sources = sources;
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
    this.ended = Promise.all(sources.map((source) => this.#read(source))).then(() => undefined);
  }

  /** The families that were read, in the order of their sources; each name occurs once. */
  families(): readonly FamilySnapshot[] {
    return this.#readFamilies().families;
  }

  /** Whether each collector succeeded. One that has not ended has not. */
  outcomes(): { readonly success: readonly Point[]; readonly duration: readonly Point[] } {
    const success = new Map<string, number>();
    const duration = new Map<string, number>();
    const { clashing } = this.#readFamilies();
    for (const source of this.#sources) {
      const name = source.collector;
      const result = this.#results.get(source);
      const durationMs = result?.durationMs ?? this.#clock.monotonicMs() - this.#startedAtMs;
      success.set(
        name,
        Math.min(success.get(name) ?? 1, isSuccess(result) && !clashing.has(source) ? 1 : 0),
      );
      duration.set(name, Math.max(duration.get(name) ?? 0, durationMs / 1_000));
    }
    return {
      success: toPoints(collectorSuccess.name, success),
      duration: toPoints(collectorDuration.name, duration),
    };
  }

  /** The names of omitted families: another family has samples of their name. */
  leftOut(): readonly string[] {
    return this.#readFamilies().leftOut;
  }

  /**
   * Two families that have a sample of one name, as a gauge `x_count` and the histogram `x`, would turn two series into
   * one: the family of lower rank is omitted.
   */
  #readFamilies(): {
    readonly families: readonly FamilySnapshot[];
    readonly leftOut: readonly string[];
    readonly clashing: ReadonlySet<Source>;
  } {
    const read = this.#sources.flatMap((source) => {
      const outcome = this.#results.get(source)?.run;
      const families = outcome?.state === "done" ? outcome.value.families : [];
      return families
        .filter(({ points }) => points.length > 0)
        .map((family) => ({ source, family }));
    });
    const taken = new Set<string>();
    const leftOut = new Set<FamilySnapshot>();
    const clashing = new Set<Source>();
    for (const { source, family } of read.toSorted(byRank)) {
      const names = [family.name, ...sampleNamesOf(family)];
      if (names.some((name) => taken.has(name))) {
        clashing.add(source);
        leftOut.add(family);
      } else for (const name of names) taken.add(name);
    }
    return {
      families: read.map(({ family }) => family).filter((family) => !leftOut.has(family)),
      leftOut: Array.from(leftOut, ({ name }) => name),
      clashing,
    };
  }

  async #read(source: Source): Promise<void> {
    this.#results.set(source, await source.get());
  }
}

interface Read {
  readonly source: Source;
  readonly family: FamilySnapshot;
}

/**
 * The worker's own first, and histograms and summaries before metrics of one sample: less is lost with those. The order in
 * which an application registered its metrics changes nothing.
 */
function byRank(one: Read, other: Read): number {
  return (
    rankOf(one) - rankOf(other) ||
    (one.family.name < other.family.name ? -1 : Number(one.family.name > other.family.name))
  );
}

function rankOf({ source, family }: Read): number {
  if (source.collector !== registryCollector) return 0;
  return sampleNamesOf(family).length > 1 ? 1 : 2;
}

function isSuccess(result: SharedResult<Collected> | undefined): boolean {
  return result?.run.state === "done" && result.run.value.complete;
}

function toPoints(name: string, values: ReadonlyMap<string, number>): readonly Point[] {
  return Array.from(values, ([collector, value]) => ({ name, labels: { collector }, value }));
}
