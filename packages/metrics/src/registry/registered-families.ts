import { ObservabilityError } from "@tasker-observability/core";
import {
  Counter,
  Gauge,
  type Metric,
  type OpenMetricsContentType,
  type Registry,
} from "prom-client";
import type { Family, Point } from "../family.js";

/** A registry of prom-client, in either of its modes. */
export type MetricsRegistry = Registry | Registry<OpenMetricsContentType>;

/** The families of one service on a registry, from their registration to their removal. */
export class RegisteredFamilies {
  readonly #registry: MetricsRegistry;
  readonly #metrics = new Map<string, Metric>();
  readonly #own = new Set<unknown>();

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
  }

  /** @throws ObservabilityError INVALID_PARAMS if the registry has a metric of that name; the registry is left as it was. */
  add(metric: Metric, name: string): void {
    if (this.#registry.getSingleMetric(name) !== undefined) {
      this.remove();
      throw new ObservabilityError(
        "INVALID_PARAMS",
        `The registry already has ${name}. One registry takes one MetricsService: close the other first, or leave out \`registry\` to give each its own.`,
      );
    }
    this.#registry.registerMetric(metric);
    if (metric instanceof Counter) keepName(metric);
    this.#metrics.set(name, metric);
    this.#own.add(metric);
  }

  /** Registers a family that calls `read` whenever the registry is read. */
  mirror(family: Family, read: () => Promise<readonly Point[]>): void {
    const options = {
      name: family.name,
      help: family.help,
      labelNames: [...family.labels],
      aggregator: family.aggregator ?? family.merge ?? "sum",
      registers: [],
    };
    const collect = async (): Promise<void> => {
      refill(metric, await read());
    };
    const metric =
      family.type === "counter"
        ? new Counter({ ...options, collect })
        : new Gauge({ ...options, collect });
    this.add(metric, family.name);
  }

  /** Whether the metric is one of these. */
  has(metric: unknown): boolean {
    return this.#own.has(metric);
  }

  /** Removes them from the registry if it still has them. */
  remove(): void {
    for (const [name, metric] of this.#metrics) {
      if (this.#registry.getSingleMetric(name) === metric) this.#registry.removeSingleMetric(name);
    }
    this.#metrics.clear();
  }
}

function refill(metric: Counter | Gauge, points: readonly Point[]): void {
  metric.reset();
  // prom-client gives a metric without labels the value 0 on reset; if nothing was read, the answer has no sample.
  if (points.length === 0) metric.remove({});
  for (const { labels, value } of points) {
    if (metric instanceof Counter) metric.inc(labels, value);
    else metric.set(labels, value);
  }
}

/**
 * Lets a counter keep its name on every registry, including merged ones. In OpenMetrics mode, prom-client permanently
 * removes `_total` from a counter's name just before each reading, and then appends it: here it is removed for that
 * reading only.
 */
export function keepName(counter: Counter): void {
  const { name } = counter as unknown as { readonly name: string };
  const base = name.replace(/_total$/, "");
  const read = counter.get.bind(counter);
  let isTakenOff = false;
  Object.defineProperty(counter, "name", {
    configurable: true,
    enumerable: true,
    get: () => name,
    set: (given: string) => {
      isTakenOff = given === base;
    },
  });
  counter.get = async () => {
    const readName = isTakenOff ? base : name;
    isTakenOff = false;
    return { ...(await read()), name: readName };
  };
}
