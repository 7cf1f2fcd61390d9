import type { Clock } from "./clock.js";
import { type LaneTotals, RecordingLane } from "./recording-lane.js";
import { SlidingCounts } from "./sliding-counts.js";
import type { StepLane, StepSink } from "./step-lane.js";

/** Counts of the attempts that ended within the window, and of those under way. */
export interface StepWindow {
  readonly samples: number;
  readonly errors: number;
  readonly in_flight: number;
  /** Steps that went back to their queue without running within the window; they are no samples. */
  readonly given_back: number;
  /** Seconds that the window spans. */
  readonly window_seconds: number;
}

/** Steps by namespace over a sliding window, in constant memory. */
export interface StepStatistics {
  lane(namespace: string): StepLane;
  window(): StepWindow;
  /** How often `lane` was asked for one namespace more than there is room for, and gave `__other__`. */
  overflowed(): number;
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

/** @throws RangeError when the window is not a positive number of seconds. */
export function createStepStatistics(options: StepStatisticsOptions): StepStatistics {
  const windowSeconds = toWindowSeconds(options.windowSeconds);
  const totals: LaneTotals = {
    samples: new SlidingCounts(options.clock, windowSeconds * 1_000),
    givenBack: new SlidingCounts(options.clock, windowSeconds * 1_000),
    inFlight: 0,
  };
  const lanes = new Map<string, RecordingLane>();
  const sinks = new Set<StepSink>();
  let overflowed = 0;
  const laneNamed = (namespace: string): RecordingLane => {
    const known = lanes.get(namespace);
    if (known !== undefined) return known;
    if (lanes.size >= maxLanes && namespace !== OVERFLOW_LABEL) {
      overflowed += 1;
      return laneNamed(OVERFLOW_LABEL);
    }
    const lane = new RecordingLane(namespace, totals);
    for (const sink of sinks) lane.addFollower(sink);
    lanes.set(namespace, lane);
    return lane;
  };
  return Object.freeze({
    lane: laneNamed,
    window: () => ({
      ...totals.samples.sum(),
      in_flight: totals.inFlight,
      given_back: totals.givenBack.sum().samples,
      window_seconds: windowSeconds,
    }),
    overflowed: () => overflowed,
    attach(sink: StepSink) {
      // An object of its own: a sink that is attached twice is detached one by one.
      const attached: StepSink = { lane: (namespace) => sink.lane(namespace) };
      sinks.add(attached);
      for (const lane of lanes.values()) lane.addFollower(attached);
      return () => {
        sinks.delete(attached);
        for (const lane of lanes.values()) lane.removeFollower(attached);
      };
    },
  });
}

function toWindowSeconds(seconds = 300): number {
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new RangeError("The window over steps must be a positive number of seconds.");
}
