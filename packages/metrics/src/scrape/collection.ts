import type { Clock, Shared } from "@tasker-observability/core";
import type { Collected } from "../collector.js";
import type { FamilySnapshot, Point } from "../family.js";
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

  /** The families that were read, in the order of their sources. */
  families(): readonly FamilySnapshot[] {
    const families = this.#sources.flatMap((source) => {
      const run = this.#results.get(source)?.run;
      return run?.state === "done" ? run.value.families : [];
    });
    return families.filter(({ points }) => points.length > 0);
  }

  /** How each collector fared; one that has not ended is no success. */
  outcomes(): { readonly success: readonly Point[]; readonly duration: readonly Point[] } {
    const success = new Map<string, number>();
    const duration = new Map<string, number>();
    for (const source of this.#sources) {
      const name = source.collector;
      const result = this.#results.get(source);
      const durationMs = result?.durationMs ?? this.#clock.monotonicMs() - this.#startedAtMs;
      success.set(name, Math.min(success.get(name) ?? 1, isSuccess(result) ? 1 : 0));
      duration.set(name, Math.max(duration.get(name) ?? 0, durationMs / 1_000));
    }
    return {
      success: toPoints(collectorSuccess.name, success),
      duration: toPoints(collectorDuration.name, duration),
    };
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
