import type { PathSegment } from "@tasker-observability/redact";

/** A table of a configuration, without a prototype, so that a key like `constructor` is always data. */
export type Tree = Record<string, unknown>;

/** True for a table; false for arrays, dates and other values. */
export function isTable(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

export function emptyTree(): Tree {
  return Object.create(null) as Tree;
}

/** The value at a path, or undefined. */
export function valueAt(tree: unknown, path: readonly PathSegment[]): unknown {
  let value = tree;
  for (const segment of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment))
      return undefined;
    value = (value as Record<PathSegment, unknown>)[segment];
  }
  return value;
}

/** Sets a value and creates the tables on the path; does nothing if something else is in its way. */
export function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  let table = tree;
  for (const key of path.slice(0, -1)) {
    const next = Object.hasOwn(table, key) ? table[key] : (table[key] = emptyTree());
    if (!isTable(next)) return;
    table = next;
  }
  const last = path.at(-1);
  if (last !== undefined) table[last] = value;
}

/** Calls back for every leaf: every value that contains no other, including empty tables and lists. */
export function eachLeaf(
  value: unknown,
  visit: (path: readonly PathSegment[], leaf: unknown) => void,
  path: readonly PathSegment[] = [],
): void {
  const members: [PathSegment, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isTable(value)
      ? Object.entries(value)
      : [];
  if (members.length === 0) visit(path, value);
  for (const [segment, member] of members) eachLeaf(member, visit, [...path, segment]);
}

/** Freezes tables and lists deeply, but not other objects. */
export function deepFreeze<T>(value: T): T {
  if (Array.isArray(value)) value.forEach(deepFreeze);
  else if (isTable(value)) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
