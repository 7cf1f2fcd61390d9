import { type Finding, MASK } from "./finding.js";
import { isOrdinary, isPlaceholder } from "../ordinary-value.js";
import { isSensitiveKey } from "../keys/sensitive-key.js";
import { type SecretArgument, secretArguments } from "./commands.js";

/** A word of a command line, without surrounding quotes or punctuation. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const longestQuoted = 1_024;
const quotes = "\"'`";

/**
 * Splits a text into words as a shell does, but tolerates text that is not a command line: apostrophes, lists,
 * brackets. A line break is a word.
 */
export function readWords(text: string): Word[] {
  const words: Word[] = [];
  let index = 0;
  while (index < text.length) {
    const character = text.charAt(index);
    if (character === "\n") words.push({ text: "\n", start: index, end: index + 1 });
    if (/\s/.test(character)) {
      index++;
      continue;
    }
    const end = endOfWord(text, index);
    const word = trimWord(text, index, end);
    if (word !== null) words.push(word);
    index = end;
  }
  return words;
}

function endOfWord(text: string, start: number): number {
  let index = start;
  while (index < text.length && !/\s/.test(text.charAt(index))) {
    const closing = quotes.includes(text.charAt(index)) ? closingQuote(text, start, index) : -1;
    if (closing !== -1) return closing + 1;
    index += text.startsWith("\\", index) && !/\s/.test(text.charAt(index + 1)) ? 2 : 1;
  }
  return Math.min(index, text.length);
}

/** -1 if the quote opens nothing, or opens a nested command line, whose words count. */
function closingQuote(text: string, start: number, index: number): number {
  if (!/^(?:[[({,]*\\?|.*[=:,]|-\w)$/.test(text.slice(Math.max(start, index - 80), index)))
    return -1;
  const mark = text.charAt(index);
  const limit = Math.min(text.length, index + longestQuoted);
  for (let closing = index + 1; closing < limit && text.charAt(closing) !== "\n"; closing++) {
    if (text.charAt(closing) === mark)
      return /\s-{1,2}\w/.test(text.slice(index, closing)) ? -1 : closing;
  }
  return -1;
}

function trimWord(text: string, start: number, end: number): Word | null {
  const [before = ""] =
    /^(?:[[({,\\]|["'`])*/.exec(text.slice(start, Math.min(end, start + 16))) ?? [];
  const from = start + before.length;
  let to = end;
  while (to > from && closes(text.slice(from, to))) to--;
  return from < to ? { text: text.slice(from, to), start: from, end: to } : null;
}

/** Whether the last character closes a quote or bracket before the word, or only follows the word. */
function closes(word: string): boolean {
  const last = word.slice(-1);
  const opening = { "]": "[", ")": "(", "}": "{" }[last];
  return opening === undefined ? /[,;\\"'`]/.test(last) : !word.includes(opening);
}

/** A secret in one of the words of a command line. */
export interface SecretInWord {
  readonly index: number;
  /** Where in the word it begins and ends. */
  readonly from: number;
  readonly to: number;
}

const flag =
  /(?:^|[^\w-])--?[A-Za-z]|\/[^\s/@]{1,128}@|\/p:|\b(?:rabbitmqctl|wpa_passphrase|secrets|exp|imp|vault|bao|mc|redis-cli|valkey-cli|sqlplus|sqlldr|expdp|impdp|rman|set|SET)\s/;
const longFlag = /^--?(?!no-)([A-Za-z][\w.-]{1,63})$/;
const separators = new Set(["\n", "|", "||", "&&", "&", ";", ">", ">>", "<", "then", "do"]);
/** In PostgreSQL's own commands, the flag takes no value: they prompt for it. */
const asking = new Set(
  "psql pg_dump pg_dumpall pg_restore pg_basebackup createdb dropdb createuser dropuser vacuumdb reindexdb clusterdb pg_isready".split(
    " ",
  ),
);
/** Words that follow a flag in a sentence about it. */
const prose = new Set(
  (
    "a an and any argument as at by can cannot did does flag for from has if in into is it its may must not of on only option or " +
    "parameter should switch than that the then this to use value via was were when which will with without you"
  ).split(" "),
);

/** Secrets in command lines: `--password x`, `mysql -px`, `curl -u user:x`, `redis-cli -a x`. */
export function findCommandLines(text: string): Finding[] {
  if (!flag.test(text)) return [];
  const words = readWords(text);
  return findInWords(words.map((word) => word.text)).map(({ index, from, to }) => {
    const begin = words[index]?.start ?? 0;
    const [start, end] = [begin + from, begin + to];
    return { start, end, secrets: [text.slice(start, end)], lowConfidence: false };
  });
}

/** The secrets among the words of a command line, as a text or a list has them. */
export function findInWords(words: readonly string[]): SecretInWord[] {
  const found: SecretInWord[] = [];
  let command: Command = { name: "", places: [], seen: new Set() };
  words.forEach((word, index) => {
    if (separators.has(word)) command = { name: "", places: [], seen: new Set() };
    else if (!word.startsWith("-")) command = commandAfter(command, word);
    const inLine = [
      ...secretOfFlag(words, index, command),
      ...command.places.flatMap((place) => secretAt(words, index, place, command)),
    ];
    found.push(...inLine.flatMap((secret) => withoutQuotes(words, secret)));
  });
  return found;
}

interface Command {
  readonly name: string;
  readonly places: readonly SecretArgument[];
  /** The words so far that are not flags. */
  readonly seen: Set<string>;
}

function commandAfter(command: Command, word: string): Command {
  const name = word
    .slice(Math.max(word.lastIndexOf("/"), word.lastIndexOf("\\")) + 1)
    .replace(/\.exe$/i, "");
  const places = secretArguments.get(name);
  if (places !== undefined || asking.has(name))
    return { name, places: places ?? [], seen: new Set() };
  command.seen.add(word);
  return command;
}

/** After a flag with a sensitive name, or a setting: `config set password x`. */
function secretOfFlag(words: readonly string[], index: number, command: Command): SecretInWord[] {
  const word = words[index] ?? "";
  if (/^set$/i.test(word)) {
    const [key = "", value = ""] = words.slice(index + 1, index + 3);
    return isSensitiveKey(key, value) && !isOrdinary(value) ? whole(words, index + 2) : [];
  }
  const name = longFlag.exec(word)?.[1];
  if (name === undefined || asking.has(command.name)) return [];
  const value = words[index + 1] ?? "";
  return isSensitiveKey(name, value) && !prose.has(value) ? whole(words, index + 1) : [];
}

function secretAt(
  words: readonly string[],
  index: number,
  place: SecretArgument,
  { seen }: Command,
): SecretInWord[] {
  const word = words[index] ?? "";
  if (place.after !== null && !seen.has(place.after)) return [];
  const isWhole = word === place.flag || (place.sign === ":" && endsFlags(word, place.flag));
  if (!isWhole && !word.startsWith(place.flag)) return [];
  switch (place.place) {
    case "next":
      return isWhole ? whole(words, index + place.distance) : [];
    case "rest":
      return isWhole ? [] : part(words, index, place.flag.length);
    case "either":
      return isWhole ? whole(words, index + 1) : part(words, index, place.flag.length);
    case "behind":
      return isWhole
        ? behind(words, index + 1, 0, place.sign)
        : behind(words, index, lengthOfFlag(word, place.flag), place.sign);
  }
}

/** `--from-literal=name=x`: the first sign is the flag's. */
function lengthOfFlag(word: string, flag: string): number {
  return flag !== "" && word.startsWith("=", flag.length) ? flag.length + 1 : flag.length;
}

/** `-sSLu app:x`: several flags in one word, the last of which takes the next one. */
function endsFlags(word: string, flag: string): boolean {
  return flag.length === 2 && /^-[A-Za-z]{2,12}$/.test(word) && word.endsWith(flag.charAt(1));
}

/** The part after the sign, or the middle of Oracle's `user/password@database`. */
function behind(
  words: readonly string[],
  index: number,
  from: number,
  sign: string,
): SecretInWord[] {
  const word = words[index] ?? "";
  if (from === 0 && ((sign === "/" && !/^["a-z]/i.test(word)) || word.startsWith("-"))) return [];
  const at = word.indexOf(sign, from);
  // `/p:x`: the sign is the flag's own.
  if (at === -1 || (at === from && from === 0)) return [];
  const end = sign === "/" ? word.lastIndexOf("@") : -1;
  return within(words, index, at + 1, end > at ? end : word.length);
}

function whole(words: readonly string[], index: number): SecretInWord[] {
  return part(words, index, 0);
}

function part(words: readonly string[], index: number, from: number): SecretInWord[] {
  return within(words, index, from, (words[index] ?? "").length);
}

function within(words: readonly string[], index: number, from: number, to: number): SecretInWord[] {
  const secret = (words[index] ?? "").slice(from, to);
  const isNone =
    secret === "" ||
    (from === 0 && (secret.startsWith("-") || separators.has(secret))) ||
    secret.includes(MASK) ||
    isPlaceholder(secret) ||
    /^(?:\$\(|\$\w|\x60|(?:env|file|fd|stdin|prompt)(?::|$))/.test(secret);
  return isNone ? [] : [{ index, from, to }];
}

/** `-p'x'`: the quotes are the shell's. */
function withoutQuotes(
  words: readonly string[],
  { index, from, to }: SecretInWord,
): SecretInWord[] {
  const secret = (words[index] ?? "").slice(from, to);
  const [before = ""] = /^=?\\?["'`]?/.exec(secret) ?? [];
  const after = before !== "" && /["'`]$/.test(secret) ? 1 : 0;
  return from + before.length < to - after
    ? [{ index, from: from + before.length, to: to - after }]
    : [];
}
