import {
  ambiguousKeys,
  ambiguousPhrases,
  ambiguousWords,
  boundingWords,
  clearingWords,
  countingWords,
  qualifyingWords,
  sensitiveEndings,
  sensitivePhrases,
  sensitiveWords,
  urlEnding,
} from "./key-words.js";
import { memoize } from "../memoize.js";
import { carriesToken, isOrdinary } from "../ordinary-value.js";
import { foldPlural, splitWords } from "./split-words.js";

/**
 * What a key says about its value. A limit like `max_tokens` is sensitive unless the value is a number, a key like
 * `auth` if the value looks like a secret, and one like `webhook_url` if the URL contains a token.
 */
export type KeyClass =
  | "plain"
  | "sensitive"
  | "sensitive_unless_number"
  | "sensitive_unless_ordinary"
  | "sensitive_if_token";

/** Classifies a key by its whole words: `keyboard_layout` and `monkey` do not contain the word "key". */
export const classifyKey: (key: string) => KeyClass = memoize((key) =>
  classifyWords(splitWords(key)),
);

/** Whether the key says that its value is a secret. */
export function isSensitiveKey(key: string, value?: unknown): boolean {
  switch (classifyKey(key)) {
    case "plain":
      return false;
    case "sensitive":
      return true;
    case "sensitive_unless_number":
      return !isNumeric(value);
    case "sensitive_unless_ordinary":
      return Array.isArray(value) ? value.some(looksSecret) : looksSecret(value);
    case "sensitive_if_token":
      return Array.isArray(value) ? value.some(containsToken) : containsToken(value);
  }
}

function classifyWords(words: readonly string[]): KeyClass {
  if (urlEnding.test(words.join(" "))) return "sensitive_if_token";
  const essential = withoutQualifiers(words);
  const last = essential.at(-1);
  if (last === undefined || isOneOf(clearingWords, last)) return "plain";
  if (
    isSensitiveWord(last) ||
    containsPhrase(essential, sensitivePhrases) ||
    containsPhrase(words, sensitivePhrases)
  )
    return countingWords.has(last) || words.some((word) => boundingWords.has(word))
      ? "sensitive_unless_number"
      : "sensitive";
  const ambiguous =
    ambiguousKeys.has(words.join(" ")) ||
    isOneOf(ambiguousWords, last) ||
    containsPhrase(essential, ambiguousPhrases) ||
    containsPhrase(words, ambiguousPhrases);
  return ambiguous ? "sensitive_unless_ordinary" : "plain";
}

function isSensitiveWord(word: string): boolean {
  const folded = foldPlural(word);
  return (
    isOneOf(sensitiveWords, word) ||
    sensitiveEndings.some((ending) => folded.endsWith(ending) || word.endsWith(ending))
  );
}

/** Unchanged or as a plural: `ms` would become `m`, and `tls` no word at all. */
function isOneOf(list: ReadonlySet<string>, word: string): boolean {
  return list.has(word) || list.has(foldPlural(word));
}

function withoutQualifiers(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex(
    (word) => !isOneOf(qualifyingWords, word) && !/^\p{N}+$/u.test(word),
  );
  return words.slice(0, last + 1);
}

function containsPhrase(
  words: readonly string[],
  phrases: ReadonlyMap<string, readonly string[][]>,
): boolean {
  return words.some((word, start) =>
    (phrases.get(word) ?? phrases.get(foldPlural(word)) ?? []).some((phrase) =>
      phrase.every((part, offset) => {
        const given = words[start + offset];
        return given !== undefined && (given === part || foldPlural(given) === part);
      }),
    ),
  );
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === "number" ||
    typeof value === "bigint" ||
    (typeof value === "string" && /^\d{1,20}$/.test(value))
  );
}

function containsToken(value: unknown): boolean {
  return typeof value === "string" && carriesToken(value);
}

function looksSecret(value: unknown): boolean {
  return typeof value === "string" && !isOrdinary(value);
}
