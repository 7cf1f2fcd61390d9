import { isJsonObject, type JsonObject, type JsonValue, ownValue } from "../json.js";

/**
 * Merges `override` into `base`: mappings key by key; anything else is replaced, and null overrides nothing. The result
 * is frozen and shares unchanged parts with `base`.
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
