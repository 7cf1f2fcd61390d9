import type { Clock } from "./clock.js";
import { CountingRecorder, type StepTotals } from "./counting-recorder.js";
import { SlidingCounts } from "./sliding-counts.js";
import type { StepOutcome, StepRecorder, StepSink } from "./step-recorder.js";

/** Counts of the attempts that ended within the window, and of those under way. */
export interface StepWindow {
  /** Attempts that ended within the window. */
  readonly samples: number;
  /** Of these, attempts that ended `retried` or `failed`. */
  readonly errors: number;
  /** Attempts under way now. */
  readonly in_flight: number;
  /** Steps that went back to their queue without running within the window; they are no samples. */
  readonly released: number;
  /** Seconds that the window spans. */
  readonly window_seconds: number;
}

/** What is known when a step starts. */
export interface StepStart {
  /** Milliseconds between its message becoming visible and now. @default none: it counts in no wait */
  readonly waitMs?: number | undefined;
}

/** Steps by namespace over a sliding window, in constant memory. Recording never throws. */
export interface StepStatistics {
  /**
   * Records that a step starts.
   *
   * @returns a function that records how it ended, after how long by the context's clock; only its first call counts.
   * @example
   * const end = context.steps.start("orders", { waitMs: 12 });
   * end("completed");
   */
  start(namespace: string, step?: StepStart): (outcome: StepOutcome) => void;
  /** The recorder of one namespace, for a loop that measures for itself: with it, a record allocates nothing. */
  recorder(namespace: string): StepRecorder;
  /** The counts of all namespaces as of now. */
  window(): StepWindow;
  /** How often `recorder` was asked for one namespace more than there is room for, and gave `__other__`. */
  overflowed(): number;
  /** Sends every later record to `sink` as well. @returns a function that detaches it. */
  attach(sink: StepSink): () => void;
}

/** Options of {@link createStepStatistics}. */
export interface StepStatisticsOptions {
  readonly clock: Clock;
  /** Seconds that the window spans. @default 300 */
  readonly windowSeconds?: number | undefined;
}

/** Namespaces beyond this many share one recorder, so that a stream of made-up names cannot grow the map. */
const maxRecorders = 1_000;
/** The namespace under which steps are counted once there are too many namespaces. */
export const OVERFLOW_LABEL = "__other__";
/** Counts the steps of a worker; the window is a positive number of seconds. */
export function createStepStatistics(options: StepStatisticsOptions): StepStatistics {
  const { windowSeconds = 300 } = options;
  const totals: StepTotals = {
    samples: new SlidingCounts(options.clock, windowSeconds * 1_000),
    released: new SlidingCounts(options.clock, windowSeconds * 1_000),
    inFlight: 0,
  };
  const recorders = new Map<string, CountingRecorder>();
  const sinks = new Set<StepSink>();
  let overflowed = 0;
  const recorderOf = (namespace: string): CountingRecorder => {
    const known = recorders.get(namespace);
    if (known !== undefined) return known;
    if (recorders.size >= maxRecorders && namespace !== OVERFLOW_LABEL) {
      overflowed += 1;
      return recorderOf(OVERFLOW_LABEL);
    }
    const recorder = new CountingRecorder(namespace, totals);
    for (const sink of sinks) recorder.addFollower(sink);
    recorders.set(namespace, recorder);
    return recorder;
  };
  return Object.freeze({
    start: (namespace: string, { waitMs = Number.NaN }: StepStart = {}) =>
      startStep(recorderOf(namespace), options.clock, waitMs),
    recorder: recorderOf,
    window: () => ({
      ...totals.samples.sum(),
      in_flight: totals.inFlight,
      released: totals.released.sum().samples,
      window_seconds: windowSeconds,
    }),
    overflowed: () => overflowed,
    attach(sink: StepSink) {
      // An object of its own: a sink that is attached twice is detached one by one.
      const attached: StepSink = { recorder: (namespace) => sink.recorder(namespace) };
      sinks.add(attached);
      for (const recorder of recorders.values()) recorder.addFollower(attached);
      return () => {
        sinks.delete(attached);
        for (const recorder of recorders.values()) recorder.removeFollower(attached);
      };
    },
  });
}

function startStep(
  recorder: StepRecorder,
  clock: Clock,
  waitMs: number,
): (outcome: StepOutcome) => void {
  const startedAtMs = clock.monotonicMs();
  let hasEnded = false;
  recorder.started(waitMs);
  return (outcome) => {
    if (hasEnded) return;
    hasEnded = true;
    recorder.finished(outcome, clock.monotonicMs() - startedAtMs);
  };
}
