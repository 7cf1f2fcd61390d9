import { markCut } from "./cut-text.js";
import { findSecrets, findUnmistakable, secretsIn } from "./detect/find-secrets.js";
import { MASK, maskFindings } from "./detect/finding.js";
import { openValuesOf, type KnownSecrets } from "./known-secrets.js";
import { memoize } from "./memoize.js";
import { isOrdinary } from "./ordinary-value.js";
import { appendToPath } from "./path.js";
import { unusedName } from "./read-value.js";
import { type Branch, type Leaf, type Node, type Walk, walk } from "./walk.js";

/** The redacted copy: plain data, deeply frozen. Children are made before their parents. */
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

/** An assignment to `__proto__` would set the prototype; as an own property it is data. */
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

/** Masks keys that are secrets, using `maskKey`, and numbers those that become equal. */
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

/** The redacted value, and the paths of what was masked. */
export interface Redacted {
  /** A copy: plain data that JSON can represent, deeply frozen. */
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
/**
 * Whether a text may be a JSON object or list. Trying to parse other texts, such as `{namespace}_queue`, costs far
 * more than this test.
 */
const jsonBeginning = /^\s*(?:\[|\{\s*["}])/;

/** Redacts each leaf by itself first, then masks the found secrets in all of them. */
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

/** A JSON text stays one; null if the text is not JSON. */
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

/** A key of letters only is a name, even if a password is the same word. */
function maskKey(key: string, known: KnownSecrets): string {
  if (key.length < shortestKey) return key;
  if (looksSecret(key)) return MASK;
  return known.empty || /^[A-Za-z_]*$/.test(key) ? key : known.mask(key);
}

/** Keys repeat within documents and between them. */
const looksSecret = memoize((key) => findSecrets(key).some(({ lowConfidence }) => !lowConfidence));

const findingTexts = new Set<string | number>(["message", "hint"]);

/**
 * Whether a leaf is text for people by its place: a `description`, one of the `issues`, or what one of the `findings`
 * says. In such a text, only secrets are masked; any other value with a secret in it is masked whole.
 */
export function isProseField({ segment, parent }: Pick<Leaf, "segment" | "parent">): boolean {
  if (segment === "description") return true;
  if (parent?.kind === "list") return parent.segment === "issues";
  return (
    findingTexts.has(segment) &&
    parent?.parent?.kind === "list" &&
    parent.parent.segment === "findings"
  );
}

interface RedactionContext {
  readonly known: KnownSecrets;
  /** Whether a schema declares the field safe, so that the keys on its path do not count. */
  readonly isSafe: (leaf: Leaf) => boolean;
  /** Redacts a text that is JSON; null if it is not. */
  readonly redactJson: (text: string, sensitive: boolean) => string | null;
}

const wholeUrl = /^(?:[a-z][a-z0-9+.-]*:){1,3}\/\/\S*$/i;

/** Redacts one leaf by itself, and collects the secrets found in it. */
function redactLeaf(leaf: Leaf, redaction: RedactionContext): void {
  const { context, value } = leaf;
  if (value === "" || value === null || typeof value === "boolean") return;
  const sensitive = context.sensitive || (context.position === "schema" && context.field);
  if (sensitive && !redaction.isSafe(leaf)) maskLeaf(leaf, redaction);
  else if (typeof value === "string") change(leaf, redactLeafText(value, leaf, redaction));
}

function maskLeaf(leaf: Leaf, redaction: RedactionContext): void {
  const text = String(leaf.value);
  // The default in a password's schema is a word that the document also contains elsewhere, or not a word.
  const isExample = leaf.context.inSchema && isOrdinary(text);
  if (leaf.reading.literal && !isExample) collectFrom(text, redaction);
  change(leaf, MASK);
}

/** The value under a sensitive key is a secret as a whole; a connection string also contains one. */
function collectFrom(secret: string, { known, redactJson }: RedactionContext): void {
  known.add(secret);
  for (const part of secretsIn(secret)) known.add(part);
  redactJson(secret, true);
}

function redactLeafText(text: string, leaf: Leaf, { known, redactJson }: RedactionContext): string {
  const { context, reading } = leaf;
  if (context.position === "keyword") return cutOut(text, findUnmistakable(text), known);
  if (context.position === "prose")
    return cutOut(
      text,
      findSecrets(text).filter(({ lowConfidence }) => !lowConfidence),
      known,
    );
  if (reading.prose) return cutOut(text, findSecrets(text), known);
  const json = redactJson(text, false);
  if (json !== null) return json;
  const findings = findSecrets(text).filter(({ lowConfidence }) => !lowConfidence);
  if (findings.length === 0) return text;
  const cut = cutOut(text, findings, known);
  // A URL and a sentence stay useful without their credentials; in any other text, the end of the secret is unknown.
  return wholeUrl.test(text) || isProseField(leaf) ? cut : MASK;
}

function cutOut(
  text: string,
  findings: ReturnType<typeof findSecrets>,
  known: KnownSecrets,
): string {
  if (findings.length === 0) return text;
  for (const { secrets } of findings) secrets.forEach((secret) => known.add(secret));
  return maskFindings(text, findings);
}

/** Masks secrets collected from other leaves. Call it after `redactLeaf` has seen all of them. */
function maskKnownSecrets(leaf: Leaf, { known, isSafe }: RedactionContext): void {
  const { value } = leaf;
  if (known.empty || !leaf.reading.literal) return;
  if (typeof value === "string") change(leaf, known.mask(value));
  else if (typeof value === "number" && known.has(String(value)) && !isSafe(leaf))
    change(leaf, MASK);
}

/** Marks a text if only its beginning was searched. */
function finishLeaf(leaf: Leaf): void {
  if (typeof leaf.value === "string" && typeof leaf.reading.value === "string")
    leaf.value = markCut(leaf.reading.value, leaf.value);
}

function change(leaf: Leaf, value: string): void {
  if (value === leaf.value) return;
  leaf.value = value;
  leaf.changed = true;
}
