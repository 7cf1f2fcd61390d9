import type { PathSegment } from "@tasker-observability/redact";
import { isTable, type Tree } from "./tree.js";

/** A part of a tree, and what a redacted copy of the tree has in its place. */
export interface Pair {
  readonly path: readonly PathSegment[];
  /** The same array as `path` if no key on it is masked. */
  readonly displayPath: readonly PathSegment[];
  readonly value: unknown;
  readonly shown: unknown;
}

/** Calls back for every part of a tree, including tables and lists, with its redacted form. */
export function eachPair(value: unknown, shown: unknown, visit: (pair: Pair) => void): void {
  visitPair({ path: [], displayPath: [], value, shown }, visit);
}

function visitPair(pair: Pair, visit: (pair: Pair) => void): void {
  visit(pair);
  const { path, displayPath, value, shown } = pair;
  for (const [segment, displaySegment] of segmentsOf(value, shown)) {
    const [below, displayBelow] = [
      [...path, segment],
      [...displayPath, displaySegment],
    ];
    const same = path === displayPath && segment === displaySegment;
    visitPair(
      {
        path: below,
        displayPath: same ? below : displayBelow,
        value: memberOf(value, segment),
        shown: memberOf(shown, displaySegment),
      },
      visit,
    );
  }
}

function segmentsOf(value: unknown, shown: unknown): (readonly [PathSegment, PathSegment])[] {
  if (Array.isArray(value) && Array.isArray(shown))
    return value.map((_item, index) => [index, index]);
  return isTable(value) && isTable(shown) ? keysOf(value, shown) : [];
}

/** A masked key has a new, unique name, and masked keys keep their order. */
function keysOf(table: Tree, shown: Tree): (readonly [string, string])[] {
  const masked = Object.keys(shown).filter((key) => !Object.hasOwn(table, key));
  return Object.keys(table).map((key) => [
    key,
    Object.hasOwn(shown, key) ? key : (masked.shift() ?? key),
  ]);
}

function memberOf(value: unknown, segment: PathSegment): unknown {
  return (value as Record<PathSegment, unknown>)[segment];
}
