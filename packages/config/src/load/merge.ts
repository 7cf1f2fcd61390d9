import { emptyTree, isTable, type Tree } from "../tree.js";

/** Merges trees: later ones override earlier ones. Tables are merged; everything else, arrays too, is replaced. */
export function mergeTrees(trees: readonly Tree[]): Tree {
  const merged = emptyTree();
  for (const tree of trees) mergeInto(merged, tree);
  return merged;
}

function mergeInto(target: Tree, source: Tree): void {
  for (const [key, value] of Object.entries(source)) {
    if (!isTable(value)) {
      target[key] = copyList(value);
      continue;
    }
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    const table = isTable(present) ? present : (target[key] = emptyTree());
    mergeInto(table, value);
  }
}

/** Later steps write into the merged tree; the files' own trees stay as they were read. */
function copyList(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => copyList(item));
  return isTable(value) ? mergeTrees([value]) : value;
}
