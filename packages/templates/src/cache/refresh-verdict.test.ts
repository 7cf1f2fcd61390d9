import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { CacheOperationResult } from "../schemas/cache-stats.js";
import { verdictOf, withVerdict } from "./refresh-verdict.js";

const stats = {
  total_entries: 0,
  hits: 0,
  misses: 0,
  evictions: 0,
  total_cached: 0,
  cache_hits: 0,
  cache_misses: 0,
  cache_evictions: 0,
  last_maintenance: null,
  oldest_entry_age_seconds: 0,
  average_access_count: 0,
  supported_namespaces: [],
};
const failed: CacheOperationResult = {
  operation: "refresh",
  success: false,
  message: "",
  timestamp: "",
  cache_stats: stats,
};

describe("the verdict on a refresh", () => {
  it("is what was recorded, and is not visible in the result", () => {
    const noted = withVerdict(failed, "not_found");
    expect(verdictOf(noted)).toBe("not_found");
    expect([JSON.stringify(noted), inspect(noted), noted]).toEqual([
      JSON.stringify(failed),
      inspect(failed),
      failed,
    ]);
  });

  it("is ok for a success, and the upstream's fault for an unexplained failure", () => {
    expect(verdictOf({ ...failed, success: true })).toBe("ok");
    expect(verdictOf(failed)).toBe("upstream_failed");
  });
});
