import { emptyTree, isTable, type Tree } from "../tree.js";

/** The tree without its tables of documentation, `_docs` and `pool_docs`: Tasker's files describe their keys in them. */
export function withoutDocs(tree: Tree): Tree {
  const kept = emptyTree();
  for (const [key, value] of Object.entries(tree))
    if (!key.endsWith("_docs") || !isTable(value)) kept[key] = copyOf(value);
  return kept;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return isTable(value) ? withoutDocs(value) : value;
}
