import { findSecrets } from "./find-secrets.js";
import { maskKnownSecrets, finishLeaf, redactLeaf, type RedactionContext } from "./redact-leaf.js";
import { type KnownSecrets, openValuesOf } from "./known-secrets.js";
import { MASK } from "./finding.js";
import { memoize } from "./memoize.js";
import { walk, type Branch, type Leaf, type Node, type Walk } from "./walk.js";
import { appendToPath } from "./path.js";
import { unusedName } from "./read-value.js";

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

/** What is left of a value, and what was taken out. */
export interface Redacted {
  /** A copy: plain data that JSON can hold, frozen all the way down. */
  readonly value: unknown;
  /** Full paths, sorted: `worker.web.auth.api_keys[0].key`. */
  readonly redacted_fields: readonly string[];
}

export interface RedactValueOptions {
  readonly root: string;
  readonly safe?: ((path: string) => boolean) | undefined;
  /** Whether long texts are cut. */
  readonly cut?: boolean | undefined;
  /** Whether a key above the value is sensitive. */
  readonly sensitive?: boolean | undefined;
  /** How many JSON texts the value is in. */
  readonly nesting?: number | undefined;
}

const deepestJson = 8;
const shortestKey = 8;
/** What can be a JSON object or list. Parsing what cannot, such as `{namespace}_queue`, costs far more than this look at it. */
const jsonBeginning = /^\s*(?:\[|\{\s*["}])/;

/** Redacts each leaf by itself first, then masks in all of them the secrets that were found. */
export function redactValue(
  value: unknown,
  known: KnownSecrets,
  options: RedactValueOptions,
): Redacted {
  const { root, safe, cut = false, sensitive = false, nesting = 0 } = options;
  const found = walk(value, { sensitive, cut });
  const redaction: RedactionContext = {
    known,
    isSafe: (leaf) => safe?.(pathOf(leaf, root)) ?? false,
    redactJson: (text, below) =>
      redactJson(text, known, { root: "", sensitive: below, nesting: nesting + 1 }),
  };
  known.leaveOut(openValuesOf(found.leaves));
  for (const leaf of found.leaves) redactLeaf(leaf, redaction);
  const renamed = maskKeys(found.branches, (key) => maskKey(key, known));
  for (const leaf of found.leaves) maskKnownSecrets(leaf, redaction);
  if (cut) found.leaves.forEach(finishLeaf);
  return Object.freeze({
    value: build(found),
    redacted_fields: Object.freeze(pathsOf(found.leaves, renamed, root)),
  });
}

/** A JSON text stays one; null where the text is none. */
function redactJson(text: string, known: KnownSecrets, options: RedactValueOptions): string | null {
  if ((options.nesting ?? 0) > deepestJson || !jsonBeginning.test(text)) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const { value, redacted_fields } = redactValue(parsed, known, options);
  return redacted_fields.length === 0 ? text : JSON.stringify(value);
}

/** A key of letters alone is a name, even where somebody chose the same word for a password. */
function maskKey(key: string, known: KnownSecrets): string {
  if (key.length < shortestKey) return key;
  if (looksSecret(key)) return MASK;
  return known.empty || /^[A-Za-z_]*$/.test(key) ? key : known.mask(key);
}

/** Keys repeat, in one document and from one to the next. */
const looksSecret = memoize((key) => findSecrets(key).some(({ lowConfidence }) => !lowConfidence));
