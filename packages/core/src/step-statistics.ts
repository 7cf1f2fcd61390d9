import type { Clock } from "./clock.js";

/** How one attempt at a step ended; errors are the last two. */
export type StepOutcome = "completed" | "retried" | "failed";

/** Records the steps of one namespace. Resolve it once; recording allocates nothing and never throws. */
export interface StepLane {
  /** @param waitMs - milliseconds between the message becoming visible and its handler starting. */
  started(waitMs: number): void;
  /** @param durationMs - milliseconds that the attempt took. */
  finished(outcome: StepOutcome, durationMs: number): void;
}

/** Something else that wants every record: metrics attach here. */
export interface StepSink {
  lane(namespace: string): StepLane;
}

/** Counts of the attempts that ended within the window, and of those under way. */
export interface StepWindow {
  readonly samples: number;
  readonly errors: number;
  readonly in_flight: number;
  /** Seconds that the window spans. */
  readonly window_seconds: number;
}

/** Steps by namespace over a sliding window, in constant memory. */
export interface StepStatistics {
  lane(namespace: string): StepLane;
  window(): StepWindow;
  /** Sends every later record to `sink` as well. @returns a function that detaches it. */
  attach(sink: StepSink): () => void;
}

export interface StepStatisticsOptions {
  readonly clock: Clock;
  /** Seconds that the window spans. @default 300 */
  readonly windowSeconds?: number | undefined;
}

/** Namespaces beyond this many share one lane, so that a stream of made-up names cannot grow the map. */
const maxLanes = 1_000;
export const OVERFLOW_LABEL = "__other__";

export function createStepStatistics(options: StepStatisticsOptions): StepStatistics {
  const windowSeconds = options.windowSeconds ?? 300;
  const samples = new SlidingCounts(options.clock, windowSeconds * 1_000);
  const lanes = new Map<string, RecordingLane>();
  const sinks = new Set<StepSink>();
  let inFlight = 0;
  const totals: LaneTotals = {
    started: () => void (inFlight += 1),
    finished(outcome) {
      // A finish without a start comes from event handlers that see only ends; it is a sample all the same.
      if (inFlight > 0) inFlight -= 1;
      samples.record(outcome !== "completed");
    },
  };
  const laneNamed = (namespace: string): RecordingLane => {
    const known = lanes.get(namespace);
    if (known !== undefined) return known;
    if (lanes.size >= maxLanes && namespace !== OVERFLOW_LABEL) return laneNamed(OVERFLOW_LABEL);
    const lane = new RecordingLane(namespace, totals);
    lane.follow(sinks);
    lanes.set(namespace, lane);
    return lane;
  };
  const followAll = (): void => {
    for (const lane of lanes.values()) lane.follow(sinks);
  };
  return Object.freeze({
    lane: laneNamed,
    window: () => ({ ...samples.sum(), in_flight: inFlight, window_seconds: windowSeconds }),
    attach(sink: StepSink) {
      sinks.add(sink);
      followAll();
      return () => {
        sinks.delete(sink);
        followAll();
      };
    },
  });
}

interface LaneTotals {
  started(): void;
  finished(outcome: StepOutcome): void;
}

class RecordingLane implements StepLane {
  readonly #namespace: string;
  readonly #totals: LaneTotals;
  #followers: readonly StepLane[] = [];

  constructor(namespace: string, totals: LaneTotals) {
    this.#namespace = namespace;
    this.#totals = totals;
  }

  follow(sinks: ReadonlySet<StepSink>): void {
    this.#followers = [...sinks].map((sink) => sink.lane(this.#namespace));
  }

  started(waitMs: number): void {
    this.#totals.started();
    for (const follower of this.#followers) {
      try {
        follower.started(waitMs);
      } catch {
        // A number that cannot be recorded is no reason to fail a step.
      }
    }
  }

  finished(outcome: StepOutcome, durationMs: number): void {
    this.#totals.finished(outcome);
    for (const follower of this.#followers) {
      try {
        follower.finished(outcome, durationMs);
      } catch {
        // As above.
      }
    }
  }
}

const slots = 60;

/** A ring of time slots: what is older than the window falls out slot by slot, whatever the rate. */
class SlidingCounts {
  readonly #clock: Clock;
  readonly #slotMs: number;
  readonly #samples = new Float64Array(slots);
  readonly #errors = new Float64Array(slots);
  #newest = 0;

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#slotMs = windowMs / slots;
    this.#newest = this.#slotNow();
  }

  record(isError: boolean): void {
    const slot = this.#turnTo(this.#slotNow());
    this.#samples[slot] = (this.#samples[slot] ?? 0) + 1;
    if (isError) this.#errors[slot] = (this.#errors[slot] ?? 0) + 1;
  }

  sum(): { samples: number; errors: number } {
    this.#turnTo(this.#slotNow());
    return { samples: total(this.#samples), errors: total(this.#errors) };
  }

  #slotNow(): number {
    return Math.floor(this.#clock.monotonicMs() / this.#slotMs);
  }

  #turnTo(now: number): number {
    const stale = Math.min(now - this.#newest, slots);
    for (let step = 1; step <= stale; step += 1) {
      const slot = (this.#newest + step) % slots;
      this.#samples[slot] = 0;
      this.#errors[slot] = 0;
    }
    if (now > this.#newest) this.#newest = now;
    return this.#newest % slots;
  }
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
