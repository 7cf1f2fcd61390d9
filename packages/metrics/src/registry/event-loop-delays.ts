import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { type Clock, systemClock } from "@tasker-observability/core";

/** Milliseconds. Scrapes up to a minute apart, Prometheus's default, miss no delay. */
const windowMs = 60_000;
/** Milliseconds between two samples, as prom-client measures. */
const resolution = 10;

/** Delays of the event loop, in seconds. */
export interface DelaySummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

const nothingMeasured: DelaySummary = {
  min: 0,
  max: 0,
  mean: 0,
  stddev: 0,
  p50: 0,
  p90: 0,
  p99: 0,
};

/**
 * Measures delays of the event loop until the process ends, without keeping it alive. Only time moves the window, never
 * a reading: each reader gets the delays of the last one to two minutes.
 *
 * @returns what reads them: all 0 before the first sample. Null if the runtime cannot measure them, as Bun.
 */
export function measureEventLoopDelays(clock: Clock = systemClock): (() => DelaySummary) | null {
  const first = startHistogram();
  const second = startHistogram();
  if (first === null || second === null) return null;
  // The older of the two is read: it covers at least one window when the other starts again.
  let [older, newer] = [first, second];
  const rotate = (): void => {
    older.reset();
    [older, newer] = [newer, older];
    clock.after(windowMs, rotate);
  };
  clock.after(windowMs, rotate);
  return () => summaryOf(older);
}

function startHistogram(): IntervalHistogram | null {
  try {
    const histogram = monitorEventLoopDelay({ resolution });
    histogram.enable();
    return histogram;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_NOT_IMPLEMENTED") return null;
    throw error;
  }
}

function summaryOf(delays: IntervalHistogram): DelaySummary {
  // Node's numbers of no sample are NaN and 2 ** 63.
  if (delays.count === 0) return nothingMeasured;
  return {
    min: delays.min / 1e9,
    max: delays.max / 1e9,
    mean: delays.mean / 1e9,
    stddev: delays.stddev / 1e9,
    p50: delays.percentile(50) / 1e9,
    p90: delays.percentile(90) / 1e9,
    p99: delays.percentile(99) / 1e9,
  };
}
