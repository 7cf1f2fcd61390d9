import type { Verdict } from "@tasker-observability/core";
import type { CacheOperationResult } from "../schemas/cache-stats.js";

type RefreshVerdict = Exclude<Verdict, "unavailable">;

// Kept outside the result, because the wire has no field for it. Registered, so that the ESM and the CJS copy share it.
const verdictKey = Symbol.for("@tasker-observability/templates/verdict");

/** Notes on a result why it failed, hidden from JSON and comparisons. */
export function withVerdict(
  result: CacheOperationResult,
  verdict: RefreshVerdict,
): CacheOperationResult {
  return Object.freeze(Object.defineProperty({ ...result }, verdictKey, { value: verdict }));
}

/** The noted reason; for a service that notes nothing, a failure of the source. */
export function verdictOf(result: CacheOperationResult): RefreshVerdict {
  if (result.success) return "ok";
  const noted = (result as { readonly [verdictKey]?: RefreshVerdict })[verdictKey];
  return noted ?? "upstream_failed";
}
