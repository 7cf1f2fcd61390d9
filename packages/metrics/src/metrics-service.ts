import { notInstalled, notRunning, type WorkerContext } from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import { type DomainEventStats, readDomainEventStats } from "./domain-event-stats.js";
import {
  createMetricsOperations,
  type MetricsOperations,
  type MetricsQueries,
} from "./metrics-operations.js";
import { OPENMETRICS_TEXT } from "./media-types.js";
import type { MetricsRegistry } from "./registry/registered-families.js";
import type { ScrapeOptions, TextScrapeOptions } from "./scrape-options.js";
import type { Snapshot } from "./scrape/snapshot.js";
import { type MetricsServiceOptions, metricsServiceOptionsSchema } from "./service-options.js";
import { type ServiceParts, assembleService } from "./service-parts.js";
import type { WorkerMetrics } from "./worker-metrics.js";

/** The metrics of a worker. A failing source is reported as a metric: the methods reject only once the service is closed. */
export interface MetricsService extends MetricsQueries {
  readonly context: WorkerContext;
  /** The service's operations, for transports. */
  readonly operations: MetricsOperations;
  /** The registry with the families. Answers include other metrics on it. */
  readonly registry: MetricsRegistry;
  /** Removes the families from the registry and stops recording steps. Idempotent. */
  close(): void;
}

/**
 * Makes the metrics of a worker.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option, or because the registry already has a family
 * of that name.
 * @example
 * const metrics = createMetricsService({ context });
 * console.log(await metrics.prometheusFormat());
 */
export function createMetricsService(options: MetricsServiceOptions): MetricsService {
  const resolved = parseOptions("createMetricsService", metricsServiceOptionsSchema, options);
  return new WorkerMetricsService(resolved.context, assembleService(resolved));
}

class WorkerMetricsService implements MetricsService {
  readonly context: WorkerContext;
  readonly operations: MetricsOperations;
  readonly registry: MetricsRegistry;
  readonly #parts: ServiceParts;
  #closed = false;

  constructor(context: WorkerContext, parts: ServiceParts) {
    this.context = context;
    this.registry = parts.registry;
    this.#parts = parts;
    this.operations = createMetricsOperations(this);
  }

  async prometheusFormat({ mediaType, budgetMs }: TextScrapeOptions = {}): Promise<string> {
    const snapshot = await this.#scrape(budgetMs);
    return mediaType === OPENMETRICS_TEXT ? snapshot.openMetricsText() : snapshot.prometheusText();
  }

  async collectMetrics({ budgetMs }: ScrapeOptions = {}): Promise<WorkerMetrics> {
    return (await this.#scrape(budgetMs)).workerMetrics();
  }

  async domainEventStats(): Promise<DomainEventStats> {
    this.#assertOpen();
    const { domainEvents } = this.context.ports;
    if (domainEvents === undefined) {
      throw notInstalled("this worker has no domain events.");
    }
    return readDomainEventStats(domainEvents, {
      at: this.context.timestamp(),
      workerId: this.context.identity.workerId,
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.close();
  }

  async #scrape(budgetMs = Number.POSITIVE_INFINITY): Promise<Snapshot> {
    this.#assertOpen();
    return this.#parts.scraper.scrape(budgetMs);
  }

  #assertOpen(): void {
    if (this.#closed) throw notRunning();
  }
}
