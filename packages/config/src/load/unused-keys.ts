import { didYouMean } from "@tasker-observability/core";
import { formatPath, type PathSegment } from "@tasker-observability/redact";
import { fieldTable } from "../schema/field-table.js";
import { isTable, type Tree } from "../tree.js";
import { isLegacyKey, isPossiblyLegacyKey } from "./legacy-keys.js";

/** A key without effect that Tasker's own files do not have either. */
export interface UnknownKey {
  readonly path: string;
  /** "Did you mean …?" if a key of the same table is close; else null. */
  readonly hint: string | null;
}

/**
 * Keys that are loaded and shown but not used, also those of tables in a list. A table without any used key is listed
 * once, not by its keys.
 */
export function unusedKeys(tree: Tree): string[] {
  const unused: string[] = [];
  const visit = (value: unknown, path: readonly PathSegment[]): void => {
    const name = formatPath(path);
    if (!isKnownKey(path)) unused.push(name);
    else if (isTable(value))
      for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
    else if (Array.isArray(value))
      for (const [index, item] of value.entries()) if (isTable(item)) visit(item, [...path, index]);
  };
  for (const [key, value] of Object.entries(tree)) visit(value, [key]);
  return unused.sort();
}

/** The keys without effect that are not Tasker's. */
export function unknownKeys(unused: readonly string[]): UnknownKey[] {
  return unused
    .filter((path) => !isLegacyKey(path))
    .map((path) => ({ path, hint: hintFor(path) }))
    .filter(({ path, hint }) => hint !== null || !isPossiblyLegacyKey(path));
}

/** Whether a path, indices of lists included, is a key of the schema or a table on the way to one. */
export function isKnownKey(path: readonly PathSegment[]): boolean {
  return knownPaths.has(patternOf(formatPath(path)));
}

/** The keys that the schema has in the table that a path is in. */
export function siblingsOf(path: readonly PathSegment[]): readonly string[] {
  return siblingsOfPattern(patternOf(formatPath(path)));
}

/** Every key of the schema and every table that contains one: `common.backoff` is neither. */
const knownPaths = new Set(fieldTable.flatMap(({ path }) => prefixesOf(path)));

/** As the schema names it: `[]` stands for every index. */
function patternOf(path: string): string {
  return path.replace(/\[\d+\]/g, "[]");
}

function prefixesOf(path: string): string[] {
  const segments = path.split(".");
  return segments.map((_segment, index) => segments.slice(0, index + 1).join("."));
}

/** A misspelled key is close to a key of its own table. */
function hintFor(path: string): string | null {
  const pattern = patternOf(path);
  return (
    didYouMean(pattern.slice(pattern.lastIndexOf(".") + 1), siblingsOfPattern(pattern)) ?? null
  );
}

function siblingsOfPattern(pattern: string): readonly string[] {
  const table = pattern.slice(0, pattern.lastIndexOf(".") + 1);
  return [...knownPaths]
    .filter((known) => known.startsWith(table))
    .map((known) => known.slice(table.length))
    .filter((name) => !name.includes("."));
}
