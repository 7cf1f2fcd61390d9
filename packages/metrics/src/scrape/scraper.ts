import {
  type Clock,
  createSharedRun,
  type Logger,
  type SharedRun,
  withDeadline,
} from "@tasker-observability/core";
import type { Family, FamilySnapshot, Labels, Point } from "../family.js";
import type { RegistryReader } from "../registry/registry-reader.js";
import { Collection } from "./collection.js";
import type { CollectorRun } from "./collector-run.js";
import type { DroppedSeries } from "./dropped-series.js";
import { collectorDuration, collectorSuccess, droppedSeries } from "./scrape-families.js";
import { Snapshot } from "./snapshot.js";

/** Options of {@link Scraper}. */
export interface ScraperOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runs: readonly CollectorRun[];
  readonly reader: RegistryReader;
  readonly dropped: DroppedSeries;
  readonly workerId: string;
  readonly timestamp: () => string;
  /** Milliseconds that one collector may take. */
  readonly collectorTimeoutMs: number;
  /** Milliseconds for which a snapshot is shared after it was taken. */
  readonly cacheTtlMs: number;
}

/** Takes snapshots: one for all concurrent callers, each within its own time budget. */
export class Scraper {
  readonly #options: ScraperOptions;
  readonly #shared: SharedRun<Snapshot>;
  /** Metrics whose failure is logged already. */
  readonly #leftOut = new Set<string>();
  #collection: Collection;
  #defaultLabels: Labels = {};

  constructor(options: ScraperOptions) {
    this.#options = options;
    this.#collection = new Collection([], options.clock);
    // The collectors have their own time-outs; this one is only a safety net.
    const timeoutMs = options.collectorTimeoutMs + 1_000;
    this.#shared = createSharedRun(() => this.#takeSnapshot(), {
      clock: options.clock,
      ttlMs: options.cacheTtlMs,
      timeoutMs,
    });
  }

  /** A snapshot of all sources, or, if the budget ends first, of those that were read by then. */
  async scrape(budgetMs: number): Promise<Snapshot> {
    const whole = Promise.resolve(this.#shared.get());
    const seen = await (budgetMs === Number.POSITIVE_INFINITY
      ? whole
      : withDeadline(whole, {
          clock: this.#options.clock,
          timeoutMs: toDeadlineMs(budgetMs),
          keepsProcessAlive: true,
          onGiveUp: () => null,
        }));
    return seen?.run.state === "done" ? seen.run.value : this.#toSnapshot(this.#collection);
  }

  /** The samples of one of the families about the scrape, for readers of the registry. */
  async points(family: Family): Promise<readonly Point[]> {
    const collection = new Collection(this.#options.runs, this.#options.clock);
    await collection.ended;
    return this.#scrapeFamilies(collection).find(({ name }) => name === family.name)?.points ?? [];
  }

  close(): void {
    this.#shared.close();
  }

  async #takeSnapshot(): Promise<Snapshot> {
    const { runs, reader, clock } = this.#options;
    const collection = new Collection([...runs, ...reader.sources()], clock);
    this.#collection = collection;
    this.#defaultLabels = await reader.defaultLabels();
    await collection.ended;
    this.#logLeftOut(collection);
    return this.#toSnapshot(collection);
  }

  /** One line for each name: a scrape every few seconds would fill a log. */
  #logLeftOut(collection: Collection): void {
    for (const metric of collection.leftOut()) {
      if (this.#leftOut.has(metric)) continue;
      this.#leftOut.add(metric);
      this.#options.logger(
        "warn",
        "a metric on the registry is left out because another has samples of the same name: rename one of them",
        { metric },
      );
    }
  }

  #toSnapshot(collection: Collection): Snapshot {
    return new Snapshot({
      families: [...this.#scrapeFamilies(collection), ...collection.families()],
      defaultLabels: this.#defaultLabels,
      timestamp: this.#options.timestamp(),
      workerId: this.#options.workerId,
    });
  }

  #scrapeFamilies(collection: Collection): readonly FamilySnapshot[] {
    const { success, duration } = collection.outcomes();
    const dropped = this.#options.dropped
      .counts()
      .map(([family, value]) => ({ name: droppedSeries.name, labels: { family }, value }));
    return [
      { ...collectorSuccess, points: success },
      { ...collectorDuration, points: duration },
      { ...droppedSeries, points: dropped },
    ];
  }
}

/** A tenth of the caller's time, at most half a second, is kept for writing the answer and sending it. */
function toDeadlineMs(budgetMs: number): number {
  return Math.max(0, budgetMs - Math.min(budgetMs / 10, 500));
}
