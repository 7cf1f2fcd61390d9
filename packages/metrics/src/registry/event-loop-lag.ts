import { Gauge, type Registry } from "prom-client";
import { type DelaySummary, measureEventLoopDelays } from "./event-loop-delays.js";

/** The help text, and how to merge the workers of a cluster, by what is measured. */
const kinds: Readonly<Record<keyof DelaySummary, readonly ["min" | "max" | "average", string]>> = {
  min: ["min", "Least"],
  max: ["max", "Longest"],
  mean: ["average", "Mean"],
  stddev: ["average", "Standard deviation of the"],
  p50: ["average", "Median"],
  p90: ["average", "90th percentile of the"],
  p99: ["average", "99th percentile of the"],
};

/**
 * Puts prom-client's eight gauges of event-loop lag on the registry, with values that do not depend on who reads them:
 * prom-client's own start again at every scrape.
 */
export function addEventLoopLag(register: Registry): void {
  for (const name of register.getMetricsAsArray().map((metric) => metric.name))
    if (name.startsWith("nodejs_eventloop_lag_")) register.removeSingleMetric(name);
  const delays = measureEventLoopDelays();
  if (delays === null) return;
  addGauge(register, "nodejs_eventloop_lag_seconds", {
    aggregator: "average",
    help: "Seconds that the event loop took to come round during this scrape.",
    measure: measureLoop,
  });
  for (const [kind, [aggregator, words]] of Object.entries(kinds))
    addGauge(register, `nodejs_eventloop_lag_${kind}_seconds`, {
      aggregator,
      help: `${words} event-loop delay of the last one to two minutes, in seconds; an idle loop has 0.01.`,
      measure: () => delays()[kind as keyof DelaySummary],
    });
}

interface Measured {
  readonly aggregator: "min" | "max" | "average";
  readonly help: string;
  readonly measure: () => number | Promise<number>;
}

function addGauge(register: Registry, name: string, { measure, ...options }: Measured): void {
  const gauge: Gauge = new Gauge({
    name,
    ...options,
    registers: [register],
    async collect() {
      gauge.set(await measure());
    },
  });
}

async function measureLoop(): Promise<number> {
  const startedAtMs = performance.now();
  await new Promise((resolve) => setImmediate(resolve));
  return (performance.now() - startedAtMs) / 1_000;
}
