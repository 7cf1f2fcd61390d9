import { inspect } from "node:util";

/** All texts that lead from a value by way of its properties: those of its prototypes, its getters and its members too. */
export function collectReachable(root: unknown): string {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string") texts.push(value);
    if (
      (typeof value !== "object" && typeof value !== "function") ||
      value === null ||
      seen.has(value)
    )
      continue;
    seen.add(value);
    for (const key of keysOf(value)) open.push(String(key), read(value, key));
    if (value instanceof Map || value instanceof Set) open.push(...value.keys(), ...value.values());
  }
  return texts.join("\n");
}

/** What somebody finds who prints a value, serializes it, or looks wherever it leads. */
export function collectShown(value: unknown): string {
  // Schemas are endless; what lies deeper is reached by the walk.
  const hidden = { showHidden: true, depth: 6, maxArrayLength: null, maxStringLength: null };
  return [
    collectReachable(value),
    inspect(value, hidden),
    inspect(value, { ...hidden, customInspect: false }),
    JSON.stringify(value),
  ].join("\n");
}

function keysOf(value: object): Set<PropertyKey> {
  const keys = new Set<PropertyKey>();
  for (
    let owner: unknown = value;
    owner !== null && owner !== Object.prototype && owner !== Function.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const key of Reflect.ownKeys(owner as object)) keys.add(key);
  }
  // To a class leads no state, and a getter that is asked of a prototype may break it.
  keys.delete("constructor");
  keys.delete("prototype");
  return keys;
}

function read(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}
