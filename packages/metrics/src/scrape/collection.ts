import type { Clock, Shared } from "@tasker-observability/core";
import type { Collected } from "../collector.js";
import { type FamilySnapshot, type Point, sampleNamesOf } from "../family.js";
import { collectorDuration, collectorSuccess } from "./scrape-families.js";
import type { Source } from "./source.js";

/** All sources read once, at the same time. What has ended can be looked at before the rest has. */
export class Collection {
  /** Resolves when all have ended; never rejects. */
  readonly ended: Promise<void>;
  readonly #sources: readonly Source[];
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #results = new Map<Source, Shared<Collected>>();

  constructor(sources: readonly Source[], clock: Clock) {
    this.#sources = sources;
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
    this.ended = Promise.all(sources.map((source) => this.#read(source))).then(() => undefined);
  }

  /** The families that were read, in the order of their sources, and each name in one of them only. */
  families(): readonly FamilySnapshot[] {
    return this.#readFamilies().families;
  }

  /** How each collector fared; one that has not ended is no success. */
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

  /** A family with a name that an earlier one has, as `x_count` beside the histogram `x`, would make one series of two: it is left out. */
  #readFamilies(): {
    readonly families: readonly FamilySnapshot[];
    readonly clashing: ReadonlySet<Source>;
  } {
    const families: FamilySnapshot[] = [];
    const clashing = new Set<Source>();
    const taken = new Set<string>();
    for (const source of this.#sources) {
      const run = this.#results.get(source)?.run;
      for (const family of run?.state === "done" ? run.value.families : []) {
        if (family.points.length === 0) continue;
        const names = [family.name, ...sampleNamesOf(family)];
        if (names.some((name) => taken.has(name))) clashing.add(source);
        else families.push(family);
        for (const name of names) taken.add(name);
      }
    }
    return { families, clashing };
  }

  async #read(source: Source): Promise<void> {
    this.#results.set(source, await source.get());
  }
}

function isSuccess(result: Shared<Collected> | undefined): boolean {
  return result?.run.state === "done" && result.run.value.complete;
}

function toPoints(name: string, values: ReadonlyMap<string, number>): readonly Point[] {
  return Array.from(values, ([collector, value]) => ({ name, labels: { collector }, value }));
}
