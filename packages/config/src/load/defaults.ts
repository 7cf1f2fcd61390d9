import { type Field, fieldTable } from "../schema/field-table.js";
import { setAt, type Tree, valueAt } from "../tree.js";

/** Fields of fixed tables: all except those in items of lists. */
export const plainFields: readonly (Field & { readonly segments: readonly string[] })[] = fieldTable
  .filter((field) => !field.path.includes("[]"))
  .map((field) => ({ ...field, segments: field.path.split(".") }));

/**
 * Writes the default of every missing key before variables are expanded, because defaults contain variables too.
 * Keys with a fallback wait for {@link applyFallbacks}.
 */
export function applyDefaults(tree: Tree): void {
  for (const { segments, fallback, default: value } of plainFields) {
    if (fallback === null && valueAt(tree, segments) === undefined)
      setAt(tree, segments, copyOf(value));
  }
}

/**
 * Writes the keys that replace an older one: the older key's value if it is set, else the default.
 * Returns, for each key that took over, the key that its value came from.
 */
export function applyFallbacks(
  tree: Tree,
  givenPaths: (path: string) => boolean,
): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  for (const { path, segments, fallback, default: value } of plainFields) {
    if (fallback === null || isSet(valueAt(tree, segments))) continue;
    const older = valueAt(tree, fallback.split("."));
    const takesOver = givenPaths(fallback) && isSet(older);
    if (takesOver) taken.set(path, fallback);
    setAt(tree, segments, copyOf(takesOver ? older : (valueAt(tree, segments) ?? value)));
  }
  return taken;
}

/** Copies lists, so that no two configurations share one. */
export function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as unknown[])] : value;
}

/** An empty list counts as not set, so that the older key applies. */
function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

/** A number or boolean from a variable is text until here: TOML has to write `"${LIMIT:-20}"`. */
export function decodeExpanded(tree: Tree, isExpanded: (path: string) => boolean): void {
  for (const { path, segments, type } of plainFields) {
    const value = valueAt(tree, segments);
    if (typeof value === "string" && isExpanded(path))
      setAt(tree, segments, decode(value.trim(), type, value));
    if (Array.isArray(value) && type === "list of numbers")
      setAt(tree, segments, value.map(decodeItem(path, isExpanded)));
  }
}

function decodeItem(path: string, isExpanded: (path: string) => boolean) {
  return (item: unknown, index: number): unknown =>
    typeof item === "string" && isExpanded(`${path}[${index}]`)
      ? decode(item.trim(), "number", item)
      : item;
}

function decode(text: string, type: Field["type"], original: string): unknown {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if ((type === "integer" || type === "number") && /^[+-]?\d+(\.\d+)?$/.test(text))
    return Number(text);
  return original;
}
