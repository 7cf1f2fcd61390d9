import { findSecrets, findUnmistakable, secretsIn } from "./find-secrets.js";
import { maskFindings, MASK } from "./finding.js";
import type { KnownSecrets } from "./known-secrets.js";
import { markCut } from "./cut-text.js";
import type { Leaf } from "./walk.js";

const findingTexts = new Set<string | number>(["message", "hint"]);

/**
 * Whether a leaf is text for people by its place: a `description`, one of the `issues`, or what one of the `findings`
 * says. Such a text keeps its words and loses its secrets; any other value with a secret in it is masked whole.
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

export interface RedactionContext {
  readonly known: KnownSecrets;
  /** Whether a schema declares the field safe, so that the keys on its path do not count. */
  readonly isSafe: (leaf: Leaf) => boolean;
  /** Redacts a text that is JSON, or gives null where it is none. */
  readonly redactJson: (text: string, sensitive: boolean) => string | null;
}

const wholeUrl = /^(?:[a-z][a-z0-9+.-]*:){1,3}\/\/\S*$/i;

/** Redacts one leaf by itself, and collects the secrets found in it. */
export function redactLeaf(leaf: Leaf, redaction: RedactionContext): void {
  const { context, value } = leaf;
  if (value === "" || value === null || typeof value === "boolean") return;
  const sensitive = context.sensitive || (context.position === "schema" && context.field);
  if (sensitive && !redaction.isSafe(leaf)) maskLeaf(leaf, redaction);
  else if (typeof value === "string") change(leaf, redactLeafText(value, leaf, redaction));
}

function maskLeaf(leaf: Leaf, redaction: RedactionContext): void {
  if (leaf.reading.literal) collectFrom(String(leaf.value), redaction);
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
  // A URL and a sentence stay of use without their credentials; in anything else the end of the secret is unknown.
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
export function maskKnownSecrets(leaf: Leaf, { known, isSafe }: RedactionContext): void {
  const { value } = leaf;
  if (known.empty || !leaf.reading.literal) return;
  if (typeof value === "string") change(leaf, known.mask(value));
  else if (typeof value === "number" && known.has(String(value)) && !isSafe(leaf))
    change(leaf, MASK);
}

/** Marks a text of which only the beginning was searched. */
export function finishLeaf(leaf: Leaf): void {
  if (typeof leaf.value === "string" && typeof leaf.reading.value === "string")
    leaf.value = markCut(leaf.reading.value, leaf.value);
}

function change(leaf: Leaf, value: string): void {
  if (value === leaf.value) return;
  leaf.value = value;
  leaf.changed = true;
}
