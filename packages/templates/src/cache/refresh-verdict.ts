import type { Verdict } from "@tasker-observability/core";
import type { CacheOperationResult } from "../schemas/cache-stats.js";

type RefreshVerdict = Exclude<Verdict, "unavailable">;

// Beside the result, not in it: the wire has no field for it. Registered, so that an ESM and a CJS copy agree.
const verdictKey = Symbol.for("@tasker-observability/templates/verdict");

/** Notes on a result why it failed, hidden from JSON and comparisons. */
export function withVerdict(
  result: CacheOperationResult,
  verdict: RefreshVerdict,
): CacheOperationResult {
  return Object.freeze(Object.defineProperty({ ...result }, verdictKey, { value: verdict }));
}

/** What was noted; for a failure of a service that notes nothing, the upstream's fault. */
export function verdictOf(result: CacheOperationResult): RefreshVerdict {
  if (result.success) return "ok";
  const noted = (result as { readonly [verdictKey]?: RefreshVerdict })[verdictKey];
  return noted ?? "upstream_failed";
}
