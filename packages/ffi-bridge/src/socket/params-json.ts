import { ObservabilityError } from "@tasker-observability/core";

/** What JSON cannot say is the caller's mistake, as it is in process. @throws ObservabilityError INVALID_PARAMS. */
export function toJson(params: unknown): string | undefined {
  try {
    const json = JSON.stringify(params) as string | undefined;
    if (json !== undefined || params === undefined) return json;
  } catch {
    // As below.
  }
  throw new ObservabilityError("INVALID_PARAMS", "The params hold what JSON cannot say.");
}
