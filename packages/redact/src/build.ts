import { appendToPath } from "./path.js";
import { unusedName } from "./unused-name.js";
import type { Branch, Leaf, Node, Walk } from "./walk.js";

/** The redacted copy: plain data, frozen all the way down. Children are made before their parents. */
export function build({ root, branches }: Walk): unknown {
  const built = new Map<Branch, unknown>();
  const valueOf = (node: Node): unknown => (node.kind === "leaf" ? node.value : built.get(node));
  for (const branch of branches.toReversed()) {
    built.set(
      branch,
      Object.freeze(
        branch.kind === "list" ? branch.members.map(valueOf) : buildTable(branch, valueOf),
      ),
    );
  }
  return valueOf(root);
}

function buildTable({ members }: Branch, valueOf: (node: Node) => unknown): object {
  const table: Record<string, unknown> = {};
  for (const member of members) setOwn(table, String(member.segment), valueOf(member));
  return table;
}

/** An assignment to `__proto__` would set the prototype; as a property of its own it is data. */
function setOwn(table: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(table, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else table[key] = value;
}

/** Masks keys that are secrets, by what `maskKey` makes of them, and numbers those that become the same. */
export function maskKeys(branches: readonly Branch[], maskKey: (key: string) => string): Node[] {
  const renamed: Node[] = [];
  for (const { kind, members } of branches) {
    if (kind !== "table") continue;
    const secrets = members.filter(({ segment }) => maskKey(String(segment)) !== segment);
    if (secrets.length === 0) continue;
    const taken = new Set(members.map(({ segment }) => String(segment)));
    for (const member of secrets) {
      member.segment = unusedName(maskKey(String(member.segment)), taken);
      renamed.push(member);
    }
  }
  return renamed;
}

/** Full paths, sorted, each once. */
export function pathsOf(leaves: readonly Leaf[], renamed: readonly Node[], root: string): string[] {
  const nodes = [...leaves.filter(({ changed }) => changed), ...renamed];
  return [...new Set(nodes.map((node) => pathOf(node, root)))].sort();
}

/** Writes out the path of a node. */
export function pathOf(node: Node, root: string): string {
  const segments: (string | number)[] = [];
  for (let at = node; at.parent !== null; at = at.parent) segments.push(at.segment);
  return segments.reduceRight<string>(appendToPath, root);
}
