import { type Clock, createSharedRun, type SharedRun } from "@tasker-observability/core";
import type { Registry } from "prom-client";
import type { Collected } from "../collector.js";
import type { Labels } from "../family.js";
import { toWellFormed } from "../scrape/label-sets.js";
import { registryCollector, type Source } from "../scrape/source.js";
import { type ForeignMetric, isLabelName, readForeignMetric } from "./foreign-metric.js";
import type { MetricsRegistry } from "./registered-families.js";

/** Options of {@link RegistryReader}. */
export interface RegistryReaderOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly ttlMs: number;
  /** Whether a metric is one of the service's own, which are read elsewhere. */
  readonly isOwn: (metric: unknown) => boolean;
}

/** Reads the application's metrics on the registry one by one: one that throws or hangs loses only its own samples. */
export class RegistryReader {
  readonly #registry: MetricsRegistry;
  readonly #options: RegistryReaderOptions;
  #runs = new Map<unknown, SharedRun<Collected>>();

  constructor(registry: MetricsRegistry, options: RegistryReaderOptions) {
    this.#registry = registry;
    this.#options = options;
  }

  /** The registry's current metrics, as sources of a scrape. */
  sources(): readonly Source[] {
    const metrics: readonly unknown[] = this.#registry.getMetricsAsArray();
    const runs = new Map(
      metrics
        .filter((metric) => !this.#options.isOwn(metric))
        .map((metric) => [metric, this.#runs.get(metric) ?? this.#runOf(metric)]),
    );
    this.#runs = runs;
    return Array.from(runs.values(), (run) => ({
      collector: registryCollector,
      get: () => run.get(),
    }));
  }

  /** The labels that the registry adds to every sample. Labels with an invalid name are omitted. */
  async defaultLabels(): Promise<Labels> {
    const probe = { get: async () => ({ values: [{ value: 0, labels: {} }] }) };
    // prom-client reveals them only by adding them, so it gets one sample to add them to.
    const view = Object.create(this.#registry, {
      getMetricsAsArray: { value: () => [probe] },
    }) as Registry;
    const [seen] = await view.getMetricsAsJSON().catch(() => []);
    const labels = Object.entries(seen?.values[0]?.labels ?? {});
    return Object.fromEntries(
      labels
        .filter(([name]) => isLabelName(name))
        .map(([name, value]) => [name, toWellFormed(value)]),
    );
  }

  close(): void {
    for (const run of this.#runs.values()) run.close();
  }

  #runOf(metric: unknown): SharedRun<Collected> {
    const { clock, timeoutMs, ttlMs } = this.#options;
    // In OpenMetrics mode prom-client takes `_total` off a counter's name for good; the registry still knows it by all of it.
    const toRegisteredName = (stored: string): string =>
      this.#registry.getSingleMetric(`${stored}_total`) === metric ? `${stored}_total` : stored;
    const read = async (): Promise<Collected> => ({
      families: [await readForeignMetric(metric as ForeignMetric, toRegisteredName)],
      complete: true,
    });
    return createSharedRun(read, { clock, timeoutMs, ttlMs });
  }
}
