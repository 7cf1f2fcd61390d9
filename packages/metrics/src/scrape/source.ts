import type { Awaitable, SharedResult } from "@tasker-observability/core";
import type { Collected } from "../collector.js";

/** The label `collector` of all metrics that the application registered. */
export const registryCollector = "registry";

/** Something that a scrape reads: a collector, or a metric that the application put on the registry. */
export interface Source {
  /** The value of the label `collector` in the families about collectors. */
  readonly collector: string;
  /** The latest result while it is fresh, else that of the current or a new run. Bounded in time; never rejects. */
  get(): Awaitable<SharedResult<Collected>>;
}
