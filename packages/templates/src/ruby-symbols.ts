import { isJsonObject, type JsonValue } from "./json.js";

/** The hint for a missing key that is present as a Ruby symbol. */
export function rubySymbolHint(key: string, owner: JsonValue | undefined): string | undefined {
  const hasSymbol =
    isJsonObject(owner) && !Object.hasOwn(owner, key) && Object.hasOwn(owner, `:${key}`);
  return hasSymbol ? `The file has Ruby symbols for keys: write ${key}, not :${key}.` : undefined;
}
