import type { Clock } from "./clock.js";
import type { StepTotals } from "./counting-recorder.js";
import { SlidingCounts } from "./sliding-counts.js";
import type { StepOutcome, StepRecorder, StepSink } from "./step-recorder.js";
import { StepRecorders } from "./step-recorders.js";

/** Counts of the attempts that ended within the window, and of running ones. */
export interface StepWindow {
  /** Attempts that ended within the window. */
  readonly samples: number;
  /** Of these, attempts that ended `retried` or `failed`. */
  readonly errors: number;
  /** Running attempts. */
  readonly in_flight: number;
  /** Steps that went back to their queue within the window without running. They are not samples. */
  readonly released: number;
  /** Seconds that the window spans. */
  readonly window_seconds: number;
}

/** What is known when a step starts. */
export interface StepStart {
  /** Milliseconds since its message became visible. @default none: it has no wait */
  readonly waitMs?: number | undefined;
  /** The step's template. With `step`, it gets its own series in metrics. @default none */
  readonly template?: string | undefined;
  /** The step's name in its template. @default none */
  readonly step?: string | undefined;
}

/** Steps over a sliding window, in constant memory. Recording never throws. */
export interface StepStatistics {
  /**
   * Records that a step starts.
   *
   * @returns a function that records how it ended, after how long by the context's clock; only its first call counts.
   * @example
   * const end = context.steps.start("orders", { template: "refund", step: "charge", waitMs: 12 });
   * end("completed");
   */
  start(namespace: string, step?: StepStart): (outcome: StepOutcome) => void;
  /**
   * The recorder of one step, or of the steps of a namespace whose template and name are not known. It is for a loop
   * with its own measurements: neither lookup nor recording allocates anything. Record the end on the recorder of the
   * start.
   */
  recorder(namespace: string, template?: string, step?: string): StepRecorder;
  /** The counts of all namespaces as of now. */
  window(): StepWindow;
  /** How often `recorder` returned `__other__` for a namespace or step beyond the limit. */
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

/** Counts the steps of a worker; the window is a positive number of seconds. */
export function createStepStatistics(options: StepStatisticsOptions): StepStatistics {
  const { windowSeconds = 300 } = options;
  const totals: StepTotals = {
    samples: new SlidingCounts(options.clock, windowSeconds * 1_000),
    released: new SlidingCounts(options.clock, windowSeconds * 1_000),
    inFlight: 0,
  };
  const recorders = new StepRecorders(totals);
  return Object.freeze({
    start: (namespace: string, { waitMs = Number.NaN, template, step }: StepStart = {}) =>
      startStep(recorders.of(namespace, template, step), options.clock, waitMs),
    recorder: (namespace: string, template?: string, step?: string) =>
      recorders.of(namespace, template, step),
    window: () => ({
      ...totals.samples.sum(),
      in_flight: totals.inFlight,
      released: totals.released.sum().samples,
      window_seconds: windowSeconds,
    }),
    overflowed: () => recorders.overflowed,
    attach(sink: StepSink) {
      // A separate object, so that a sink that is attached twice is detached one by one.
      const attached: StepSink = { recorder: (...labels) => sink.recorder(...labels) };
      recorders.addSink(attached);
      return () => {
        recorders.removeSink(attached);
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
