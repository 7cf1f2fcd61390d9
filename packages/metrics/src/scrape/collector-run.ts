import {
  type Clock,
  createSharedRun,
  type Logger,
  type RunState,
  type SharedResult,
  type SharedRun,
} from "@tasker-observability/core";
import type { Collected, Collector } from "../collector.js";
import type { Family, Point } from "../family.js";
import type { RegisteredFamilies } from "../registry/registered-families.js";
import type { DroppedSeries } from "./dropped-series.js";
import { FamilyReadings } from "./family-readings.js";
import { LabelSets } from "./label-sets.js";
import type { Source } from "./source.js";

/** Options of {@link CollectorRun}. */
export interface CollectorRunOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dropped: DroppedSeries;
  /** Milliseconds that a run may take. */
  readonly timeoutMs: number;
  /** Milliseconds for which its result is shared after its end. */
  readonly ttlMs: number;
  /** The most distinct label sets of a family. */
  readonly maxLabelValues: number;
}

/** Runs one collector: once for all concurrent callers, within its time-out, without throwing. */
export class CollectorRun implements Source {
  readonly collector: string;
  readonly #live: Collector["live"];
  readonly #options: CollectorRunOptions;
  readonly #labelSets: ReadonlyMap<Family, LabelSets>;
  readonly #shared: SharedRun<Collected>;
  #failing = false;
  #closed = false;

  constructor(collector: Collector, options: CollectorRunOptions) {
    this.collector = collector.name;
    this.#live = collector.live;
    this.#options = options;
    this.#labelSets = new Map(
      collector.families.map((family) => [family, labelSetsOf(family, options)]),
    );
    this.#shared = createSharedRun(
      async ({ signal }) => {
        const readings = new FamilyReadings(this.#labelSets);
        await collector.collect(readings, signal);
        return readings.finish();
      },
      { clock: options.clock, ttlMs: options.ttlMs, timeoutMs: options.timeoutMs },
    );
  }

  async get(): Promise<SharedResult<Collected>> {
    const shared = await this.#shared.get();
    this.#logTurn(shared.run);
    return shared;
  }

  /** Registers the collector's families: prom-client's own unchanged, the others with a function that reads them. */
  putOn(registered: RegisteredFamilies): void {
    for (const family of this.#labelSets.keys()) {
      const live = this.#live?.get(family);
      if (live === undefined) registered.mirror(family, () => this.#points(family));
      else registered.add(live, family.name);
    }
  }

  close(): void {
    this.#closed = true;
    this.#shared.close();
  }

  /** The samples of one family now; none if the run failed. */
  async #points(family: Family): Promise<readonly Point[]> {
    const { run } = await this.get();
    if (run.state !== "done") return [];
    return run.value.families.find(({ name }) => name === family.name)?.points ?? [];
  }

  /** One line when it begins to fail and one when it has recovered: a scrape every few seconds would fill a log. */
  #logTurn(run: RunState<Collected>): void {
    const failing = run.state !== "done" || !run.value.complete;
    if (failing === this.#failing || this.#closed) return;
    this.#failing = failing;
    const fields = {
      collector: this.collector,
      state: run.state === "done" ? "incomplete" : run.state,
    };
    if (!failing)
      this.#options.logger("info", "metrics collector recovered", { collector: this.collector });
    else
      this.#options.logger(
        "warn",
        "metrics collector failed",
        run.state === "failed" ? { ...fields, error: run.error } : fields,
      );
  }
}

function labelSetsOf(family: Family, { dropped, maxLabelValues }: CollectorRunOptions): LabelSets {
  if (family.labels.length > 0) dropped.watch(family.name);
  return new LabelSets({
    names: family.labels,
    limit: maxLabelValues,
    onOverflow: () => dropped.add(family.name),
  });
}
