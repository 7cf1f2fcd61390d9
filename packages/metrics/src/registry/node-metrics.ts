import { performance } from "node:perf_hooks";
import { maxTimerMs } from "@tasker-observability/core";
import { collectDefaultMetrics, Counter, type Metric, Registry } from "prom-client";
import { addEventLoopLag } from "./event-loop-lag.js";
import { keepName, type MetricsRegistry } from "./registered-families.js";

type NamedMetrics = ReadonlyMap<string, Metric>;

// prom-client cannot stop watching garbage collection, so the next service takes what the last one released.
const idle: NamedMetrics[] = [];

/**
 * Puts Node's own numbers on the registry: prom-client's default metrics, with an event-loop lag that does not depend
 * on who reads it, and the time that the event loop was busy and idle. Metrics that the registry already has stay.
 *
 * @returns a function that removes them.
 */
export function registerNodeMetrics(registry: MetricsRegistry): () => void {
  const metrics = idle.pop() ?? makeNodeMetrics();
  const added = [...metrics].filter(([name]) => registry.getSingleMetric(name) === undefined);
  for (const [, metric] of added) registry.registerMetric(metric);
  return () => {
    for (const [name, metric] of added) {
      if (registry.getSingleMetric(name) === metric) registry.removeSingleMetric(name);
    }
    idle.push(metrics);
  };
}

function makeNodeMetrics(): NamedMetrics {
  const register = new Registry();
  // prom-client's own measurement of the loop cannot be left out; replaced below, it samples as rarely as it can.
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: maxTimerMs });
  addEventLoopLag(register);
  addLoopTime(register, "active", "Seconds that the event loop was busy.");
  addLoopTime(register, "idle", "Seconds that the event loop waited for something to do.");
  const names = register.getMetricsAsArray().map(({ name }) => name);
  return new Map(
    names.flatMap((name) => {
      const metric = register.getSingleMetric(name);
      if (metric instanceof Counter) keepName(metric);
      // Gauges of prom-client with a counter's name, which promtool rejects: each is the sum of another one's samples.
      else if (name.endsWith("_total")) return [];
      return metric === undefined ? [] : [[name, metric] as const];
    }),
  );
}

/** Two counters instead of a ratio: readers choose the time span and do not affect each other. */
function addLoopTime(register: Registry, kind: "active" | "idle", help: string): void {
  const counter: Counter = new Counter({
    name: `nodejs_eventloop_${kind}_seconds_total`,
    help,
    registers: [register],
    collect() {
      counter.reset();
      counter.inc(performance.eventLoopUtilization()[kind] / 1_000);
    },
  });
}
