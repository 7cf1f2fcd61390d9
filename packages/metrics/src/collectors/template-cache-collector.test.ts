import { expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { createTemplateCacheCollector } from "./template-cache-collector.js";

it("reads the cache's entries, hits, misses and evictions", async () => {
  const { samples } = await collectOnce(
    createTemplateCacheCollector({
      templateCache: { counts: () => ({ entries: 3, hits: 20, misses: 4, evictions: 1 }) },
    }),
  );
  expect(samples).toEqual({
    tasker_worker_template_cache_entries: 3,
    tasker_worker_template_cache_hits_total: 20,
    tasker_worker_template_cache_misses_total: 4,
    tasker_worker_template_cache_evictions_total: 1,
  });
});
