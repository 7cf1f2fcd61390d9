import { appendToPath } from "./path.js";
import type { Branch, Leaf, Node, Step, Walk } from "./walk.js";

/** The redacted copy: plain data, frozen all the way down. Children are made before their parents. */
export function build({ root, branches }: Walk): unknown {
  const built = new Map<Branch, unknown>();
  const valueOf = (node: Node): unknown => (node.kind === "leaf" ? node.value : built.get(node));
  for (const branch of branches.toReversed()) {
    built.set(branch, Object.freeze(branch.kind === "list" ? branch.members.map(valueOf) : buildTable(branch, valueOf)));
  }
  return valueOf(root);
}

function buildTable({ members }: Branch, valueOf: (node: Node) => unknown): object {
  const table: Record<string, unknown> = {};
  for (const member of members) setOwn(table, String(member.step.segment), valueOf(member));
  return table;
}

/** An assignment to `__proto__` would set the prototype; as a property of its own it is data. */
function setOwn(table: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(table, key, { value, enumerable: true, configurable: true, writable: true });
  else table[key] = value;
}

/** Masks keys that are secrets, by what `maskKey` makes of them, and numbers those that become the same. */
export function maskKeys(branches: readonly Branch[], maskKey: (key: string) => string): Step[] {
  const renamed: Step[] = [];
  for (const { kind, members } of branches) {
    if (kind !== "table") continue;
    const taken = new Set<string>();
    for (const { step } of members) {
      const masked = maskKey(String(step.segment));
      if (masked !== step.segment) renamed.push(step);
      step.segment = unused(masked, taken);
    }
  }
  return renamed;
}

/** The key, or the key with the first number that makes it another one. */
function unused(key: string, taken: Set<string>): string {
  let name = key;
  for (let number = 2; taken.has(name); number++) name = `${key}#${number}`;
  taken.add(name);
  return name;
}

/** Full paths, sorted, each once. */
export function pathsOf(leaves: readonly Leaf[], renamed: readonly Step[], root: string): string[] {
  const steps = [...leaves.filter(({ changed }) => changed).map(({ step }) => step), ...renamed];
  return [...new Set(steps.map((step) => pathOf(step, root)))].sort();
}

/** Writes out the path of a step. */
export function pathOf(step: Step, root: string): string {
  const segments: (string | number)[] = [];
  for (let at = step; at.parent !== null; at = at.parent) segments.push(at.segment);
  return segments.reduceRight<string>(appendToPath, root);
}
