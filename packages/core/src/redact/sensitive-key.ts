import {
  boundingWords,
  clearingWords,
  qualifyingWords,
  sensitivePhrases,
  sensitiveWords,
} from "./key-words.js";
import { memoize } from "./memoize.js";
import { foldPlural, splitWords } from "./split-words.js";

const phraseBeginnings = new Set(sensitivePhrases.map(([first]) => first));

/** What a key says of its value: a bound like `max_tokens` is sensitive unless the value is a number. */
export type KeyJudgement = "plain" | "sensitive" | "sensitive_unless_number";

/** Judges a key by its words, never by a part of one: `keyboard_layout` and `monkey` hold no key. */
export const judgeKey: (key: string) => KeyJudgement = memoize((key) =>
  judgeWords(splitWords(key)),
);

/** Whether what stands under the key is a secret, as far as the key tells. */
export function isSensitiveKey(key: string, value?: unknown): boolean {
  const judgement = judgeKey(key);
  return (
    judgement === "sensitive" || (judgement === "sensitive_unless_number" && !isNumeric(value))
  );
}

function judgeWords(words: readonly string[]): KeyJudgement {
  const singular = withoutQualifiers(words.map(foldPlural));
  const last = singular.at(-1);
  if (last === undefined || isClearing(last, words.at(-1))) return "plain";
  if (!sensitiveWords.has(last) && !holdsPhrase(singular) && !holdsPhrase(words.map(foldPlural)))
    return "plain";
  return words.some((word) => boundingWords.has(word)) ? "sensitive_unless_number" : "sensitive";
}

/** `ms` must be found as it is: folded it would be `m`. */
function isClearing(last: string, unfolded: string | undefined): boolean {
  return clearingWords.has(last) || (unfolded !== undefined && clearingWords.has(unfolded));
}

function withoutQualifiers(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => !qualifyingWords.has(word) && !/^\p{N}+$/u.test(word));
  return words.slice(0, last + 1);
}

function holdsPhrase(words: readonly string[]): boolean {
  return words.some((word, start) => {
    if (!phraseBeginnings.has(word)) return false;
    return sensitivePhrases.some((phrase) =>
      phrase.every((part, offset) => words[start + offset] === part),
    );
  });
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === "number" ||
    typeof value === "bigint" ||
    (typeof value === "string" && /^\d{1,20}$/.test(value))
  );
}
