import { isJsonObject, type JsonObject, type JsonValue, ownValue } from "../json.js";

/**
 * Lays `override` over `base`: mappings are merged key by key, anything else is replaced, null overrides nothing.
 * The result is frozen; what did not change is shared with `base`.
 */
export function deepMerge(base: JsonObject, override: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...base };
  for (const [key, value] of Object.entries(override)) {
    if (value === null) continue;
    const under = ownValue(base, key);
    merged[key] = isJsonObject(under) && isJsonObject(value) ? deepMerge(under, value) : value;
  }
  return Object.freeze(merged);
}
