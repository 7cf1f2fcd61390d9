import type { WorkerContext } from "@tasker-observability/core";
import { Registry } from "prom-client";
import { readCustomCollector } from "./collectors/custom-collector.js";
import type { StepsSource } from "./collectors/steps-collector.js";
import { createCollectors } from "./create-collectors.js";
import type { ResolvedMetricsOptions } from "./service-options.js";
import { registerNodeMetrics } from "./registry/node-metrics.js";
import { type MetricsRegistry, RegisteredFamilies } from "./registry/registered-families.js";
import { RegistryReader } from "./registry/registry-reader.js";
import { CollectorRun, type CollectorRunOptions } from "./scrape/collector-run.js";
import { DroppedSeries } from "./scrape/dropped-series.js";
import { scrapeFamilies } from "./scrape/scrape-families.js";
import { Scraper } from "./scrape/scraper.js";
import { createStepMetrics, stepFamilies } from "./steps/step-metrics.js";
import { StepMetricsSink } from "./steps/step-metrics-sink.js";

/** The parts of a service. */
export interface ServiceParts {
  readonly registry: MetricsRegistry;
  readonly scraper: Scraper;
  close(): void;
}

/** Assembles the parts: collectors for the available ports, their families on the registry, the sink on the steps. */
export function assembleService(options: ResolvedMetricsOptions): ServiceParts {
  const { context, health, templateCache } = options;
  const registry = options.registry ?? new Registry();
  const runOptions = toRunOptions(options);
  const recording = createRecording(options, runOptions);
  const collectors = [
    ...createCollectors({ context, steps: recording, health, templateCache }),
    ...options.collectors.map(readCustomCollector),
  ];
  const runs = collectors.map((collector) => new CollectorRun(collector, runOptions));
  const families = new RegisteredFamilies(registry);
  const reader = new RegistryReader(registry, {
    ...runOptions,
    isOwn: (metric) => families.has(metric),
  });
  const scraper = createScraper(context, { ...runOptions, runs, reader });

  for (const run of runs) run.putOn(families);
  for (const family of scrapeFamilies) families.mirror(family, () => scraper.points(family));
  const removeNodeMetrics = options.nodeMetrics ? registerNodeMetrics(registry) : undefined;
  const detach = context.steps.attach(recording.sink);
  for (const namespace of context.identity.namespaces) recording.sink.recorder(namespace);

  return {
    registry,
    scraper,
    close() {
      detach();
      for (const part of [scraper, reader, ...runs]) part.close();
      families.remove();
      removeNodeMetrics?.();
    },
  };
}

function toRunOptions({
  context,
  collectorTimeoutMs,
  cacheTtlMs,
  maxLabelValues,
}: ResolvedMetricsOptions): CollectorRunOptions {
  const { clock, logger } = context;
  return {
    clock,
    logger,
    dropped: new DroppedSeries(),
    timeoutMs: collectorTimeoutMs,
    ttlMs: cacheTtlMs,
    maxLabelValues,
  };
}

interface Recording extends StepsSource {
  readonly sink: StepMetricsSink;
}

function createRecording(
  { context, ...buckets }: ResolvedMetricsOptions,
  { dropped, maxLabelValues }: CollectorRunOptions,
): Recording {
  const metrics = createStepMetrics(buckets);
  const onOverflow = (): void => {
    for (const { name } of stepFamilies) dropped.add(name);
  };
  for (const { name } of stepFamilies) dropped.watch(name, () => context.steps.overflowed());
  return { metrics, sink: new StepMetricsSink({ metrics, limit: maxLabelValues, onOverflow }) };
}

function createScraper(
  context: WorkerContext,
  {
    runs,
    reader,
    dropped,
    ttlMs,
    timeoutMs,
  }: CollectorRunOptions & {
    readonly runs: readonly CollectorRun[];
    readonly reader: RegistryReader;
  },
): Scraper {
  return new Scraper({
    runs,
    reader,
    dropped,
    clock: context.clock,
    logger: context.logger,
    workerId: context.identity.workerId,
    timestamp: () => context.timestamp(),
    collectorTimeoutMs: timeoutMs,
    cacheTtlMs: ttlMs,
  });
}
