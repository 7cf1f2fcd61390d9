import * as z from "zod";

const count = z.int().min(0);

/** The contents and counters of the template cache. */
export const cacheStatsSchema = z.object({
  total_entries: count.describe("Templates in the cache that have not expired."),
  hits: count.describe("Lookups that the cache answered."),
  misses: count.describe("Lookups that went to the source."),
  evictions: count.describe(
    "Entries that were removed: to make room, by age, or because the cache was cleared.",
  ),
  total_cached: count.describe("`total_entries`, by Tasker's name."),
  cache_hits: count.describe("`hits`, by Tasker's name."),
  cache_misses: count.describe("`misses`, by Tasker's name."),
  cache_evictions: count.describe("`evictions`, by Tasker's name."),
  last_maintenance: z.iso
    .datetime()
    .nullable()
    .describe("When expired entries were last removed on request; null before that."),
  oldest_entry_age_seconds: count.describe(
    "Seconds since the oldest entry was loaded; 0 while empty.",
  ),
  average_access_count: z
    .number()
    .min(0)
    .describe("How often each current entry was requested, on average."),
  supported_namespaces: z.array(z.string()).describe("Namespaces that this worker serves."),
});

/** The contents and counters of the template cache. */
export type CacheStats = z.infer<typeof cacheStatsSchema>;

/** The result of an operation on the template cache. */
export const cacheOperationResultSchema = z.object({
  operation: z.enum(["clear", "maintain", "refresh"]).describe("The requested operation."),
  success: z.boolean().describe("Whether it was done."),
  message: z.string().describe("What was done, or why it was not."),
  timestamp: z.iso.datetime().describe("When."),
  cache_stats: cacheStatsSchema.describe("The cache afterwards."),
});

/** The result of an operation on the template cache. */
export type CacheOperationResult = z.infer<typeof cacheOperationResultSchema>;
