import type { SlidingCounts } from "./sliding-counts.js";
import type { ReleaseReason, StepRecorder, StepOutcome, StepSink } from "./step-recorder.js";

/** The counts of all recorders together. */
export interface StepTotals {
  readonly samples: SlidingCounts;
  readonly released: SlidingCounts;
  inFlight: number;
}

interface Follower {
  readonly sink: StepSink;
  readonly recorder: StepRecorder;
}

/** Counts the steps of one name, and passes each record on to the sinks that follow it. */
export class CountingRecorder implements StepRecorder {
  readonly #labels: Parameters<StepSink["recorder"]>;
  readonly #totals: StepTotals;
  #inFlight = 0;
  #followers: readonly Follower[] = [];

  constructor(labels: Parameters<StepSink["recorder"]>, totals: StepTotals) {
    this.#labels = labels;
    this.#totals = totals;
  }

  /** A sink whose `recorder` throws misses these steps. */
  addFollower(sink: StepSink): void {
    try {
      this.#followers = [...this.#followers, { sink, recorder: sink.recorder(...this.#labels) }];
    } catch {
      // A number that cannot be recorded must not fail a step.
    }
  }

  removeFollower(sink: StepSink): void {
    this.#followers = this.#followers.filter((follower) => follower.sink !== sink);
  }

  started(waitMs: number): void {
    this.#inFlight += 1;
    this.#totals.inFlight += 1;
    for (const { recorder } of this.#followers) {
      try {
        recorder.started(waitMs);
      } catch {
        // As above.
      }
    }
  }

  finished(outcome: StepOutcome, durationMs: number): void {
    // An end without a start comes from event handlers that see only ends. It still counts as a sample.
    if (this.#inFlight > 0) {
      this.#inFlight -= 1;
      this.#totals.inFlight -= 1;
    }
    this.#totals.samples.record(outcome !== "completed");
    for (const { recorder } of this.#followers) {
      try {
        recorder.finished(outcome, durationMs);
      } catch {
        // As above.
      }
    }
  }

  released(reason: ReleaseReason): void {
    this.#totals.released.record(false);
    for (const { recorder } of this.#followers) {
      try {
        recorder.released(reason);
      } catch {
        // As above.
      }
    }
  }
}
