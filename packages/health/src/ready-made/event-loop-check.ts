import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { amountOption } from "../checks/check.js";
import { type CustomCheck, readyMadeSettings } from "../checks/custom-check.js";

const eventLoopCheckOptions = z.strictObject({
  /** Degraded from this delay. @default 200 */
  degradedFromMs: z._default(amountOption("ms"), 200),
  /** Unhealthy from this delay. @default 2000 */
  unhealthyFromMs: z._default(amountOption("ms"), 2_000),
  ...readyMadeSettings("event_loop"),
});
/** Options of {@link eventLoopCheck}. */
export type EventLoopCheckOptions = z.input<typeof eventLoopCheckOptions>;

/** Milliseconds between two samples. Node adds this to every delay that it measures. */
const resolution = 20;

/**
 * Checks the longest time that the event loop was blocked since the last run; the first run begins to measure.
 * CPU-bound handlers show here.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function eventLoopCheck(options: EventLoopCheckOptions = {}): CustomCheck {
  const { degradedFromMs, unhealthyFromMs, ...settings } = parseOptions(
    "eventLoopCheck",
    eventLoopCheckOptions,
    options,
  );
  let delays: IntervalHistogram | undefined;
  return {
    ...settings,
    async run() {
      const delayMs = delays === undefined ? 0 : longestMs(delays);
      delays ??= startMeasuring();
      delays.reset();
      const message = `blocked for ${delayMs} ms at most`;
      if (delayMs >= unhealthyFromMs) return { status: "unhealthy", message };
      return { status: delayMs >= degradedFromMs ? "degraded" : "healthy", message };
    },
  };
}

/** Its timer does not keep the process alive. */
function startMeasuring(): IntervalHistogram {
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  return delays;
}

function longestMs(delays: IntervalHistogram): number {
  return Math.max(0, Math.round(delays.max / 1e6) - resolution);
}
