import { ObservabilityError } from "@tasker-observability/core";

/** @throws ObservabilityError INVALID_PARAMS for params that JSON cannot represent. */
export function toJson(params: unknown): string | undefined {
  try {
    const json = JSON.stringify(params) as string | undefined;
    if (json !== undefined || params === undefined) return json;
  } catch {
    // As below.
  }
  throw new ObservabilityError("INVALID_PARAMS", "JSON cannot represent the params.");
}
