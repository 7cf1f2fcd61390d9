import type { TemplateCacheSource } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

const entries: Family = {
  name: "tasker_worker_template_cache_entries",
  type: "gauge",
  help: "Templates in the cache.",
  labels: [],
};
const hits: Family = {
  name: "tasker_worker_template_cache_hits_total",
  type: "counter",
  help: "Templates that were found in the cache.",
  labels: [],
};
const misses: Family = {
  name: "tasker_worker_template_cache_misses_total",
  type: "counter",
  help: "Templates that were not found in the cache.",
  labels: [],
};
const evictions: Family = {
  name: "tasker_worker_template_cache_evictions_total",
  type: "counter",
  help: "Templates that the cache evicted: for lack of room, by age or by request.",
  labels: [],
};

/** The entries, hits, misses and evictions of the template cache. */
export function createTemplateCacheCollector({
  templateCache,
}: {
  readonly templateCache: TemplateCacheSource;
}): Collector {
  return {
    name: "template_cache",
    families: [entries, hits, misses, evictions],
    async collect(readings) {
      const counts = templateCache.counts();
      readings.record(entries, [], counts.entries);
      readings.record(hits, [], counts.hits);
      readings.record(misses, [], counts.misses);
      readings.record(evictions, [], counts.evictions);
    },
  };
}
