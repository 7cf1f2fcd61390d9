import { build, maskKeys, pathOf, pathsOf } from "./build.js";
import { findSecrets } from "./find-secrets.js";
import { compareLeaf, finishLeaf, judgeLeaf, type Jury } from "./judge.js";
import type { KnownSecrets } from "./known-secrets.js";
import { MASK } from "./mask.js";
import { memoize } from "./memoize.js";
import { openValuesOf } from "./open-values.js";
import { walk } from "./walk.js";

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

/** Judges each leaf by itself first; then compares all with the secrets that came out. */
export function redactValue(
  value: unknown,
  known: KnownSecrets,
  options: RedactValueOptions,
): Redacted {
  const { root, safe, cut = false, sensitive = false, nesting = 0 } = options;
  const found = walk(value, { sensitive, cut });
  const jury: Jury = {
    known,
    isSafe: (leaf) => safe?.(pathOf(leaf, root)) ?? false,
    redactJson: (text, below) =>
      redactJson(text, known, { root: "", sensitive: below, nesting: nesting + 1 }),
  };
  known.leaveOut(openValuesOf(found.leaves));
  for (const leaf of found.leaves) judgeLeaf(leaf, jury);
  const renamed = maskKeys(found.branches, (key) => maskKey(key, known));
  for (const leaf of found.leaves) compareLeaf(leaf, jury);
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
const looksSecret = memoize((key) => findSecrets(key).some(({ weak }) => !weak));
