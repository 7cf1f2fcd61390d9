import { MASK } from "./detect/finding.js";
import { memoize } from "./memoize.js";
import { isOrdinary } from "./ordinary-value.js";
import { foldPlural, splitWords } from "./keys/split-words.js";
import type { Leaf } from "./walk.js";

/** Names of databases, machines, roles, environments and settings, also combined, as in `tasker_production`. */
const names = new Set(
  (
    "postgres postgresql pgmq mysql mariadb sqlite oracle redis valkey mongo mongodb rabbitmq kafka nats elastic elasticsearch grafana " +
    "prometheus docker kubernetes database data base server client localhost host node cluster service services system internal " +
    "external default example sample demo test tests testing tester stage staging production preproduction prod development develop " +
    "developer dev local preview sandbox release integration acceptance master main primary secondary replica backup standby " +
    "worker workers tasker queue queues task tasks job jobs order orders payment payments refund refunds billing invoice invoices " +
    "customer customers account accounts user users username admin admins administrator root guest public private company " +
    "app apps application web website api backend frontend project team anonymous operator manager monitor monitoring metrics health " +
    "observability reader writer readonly readwrite superuser owner required optional disabled enabled undefined unknown none null"
  ).split(" "),
);
/** The most common passwords that are words. */
const passwords = new Set(
  (
    "password passwd passwords passwort kennwort changeme changeit changethis letmein welcome iloveyou trustno monkey dragon football " +
    "baseball basketball sunshine princess superman batman shadow michael jordan charlie computer internet whatever qwerty qwertz " +
    "azerty qwertyuiop asdfghjkl zxcvbnm foobar helloworld mypassword adminadmin testtest rootroot guestguest passpass summer winter " +
    "spring autumn january february september october november december"
  ).split(" "),
);
const digits = new Set(["12345678", "123456789", "87654321"]);
const longestWord = 16;
const longestCommon = 48;

/**
 * Whether a password is a word that is common in configurations and messages: `postgres`, `tasker_production`,
 * `password1`. It is masked only in its place, because the same word means something else elsewhere.
 */
export function isCommon(text: string): boolean {
  if (text.length > longestCommon) return false;
  if (digits.has(text) || /^(\d)\1*$/.test(text)) return true;
  const word = text.toLowerCase().replace(/[\d!]{1,4}$/, "");
  if (passwords.has(word)) return true;
  // The names consist of letters; most secrets contain other characters.
  if (!/^[a-z_. -]+$/.test(word)) return false;
  const parts = word.split(/[-_. ]+/).filter((part) => part !== "");
  return parts.length > 0 && parts.every(isRunOfNames);
}

/** Whether the whole is a sequence of names. */
function isRunOfNames(letters: string): boolean {
  const reachable = [true];
  for (let end = 1; end <= letters.length; end++) {
    reachable[end] = false;
    for (let start = Math.max(0, end - longestWord); start < end && !reachable[end]; start++)
      reachable[end] = (reachable[start] ?? false) && names.has(letters.slice(start, end));
  }
  return reachable[letters.length] ?? false;
}

/** Keys whose values are names, which people use as passwords too. */
const naming =
  "name user username login role owner database db dbname schema host hostname server service environment env namespace type kind region " +
  "cluster app application project tenant queue id";
const namingWords = new Set(naming.split(" "));
const beforeName = new RegExp(
  String.raw`(?:^|[^A-Za-z])\w{0,32}(?:${naming.replaceAll(" ", "|")})s?\\*["']?\s{0,4}[=:]\s{0,4}\\*["']?$`,
  "i",
);
const beforeHostOrPath = /:\/\/\S*@[\w.,:/-]*$/;
const longestName = 64;
const maxLookups = 16;

/** The visible names in a document: equal passwords are not searched for. */
export function openValuesOf(leaves: readonly Leaf[]): string[] {
  return leaves.flatMap(({ value, context, segment, parent }) => {
    if (typeof value !== "string" || context.sensitive) return [];
    if (value.length < shortestKnown || value.length > longestName) return [];
    if (context.position === "keyword") return isOrdinary(value) ? [value] : [];
    const key = typeof segment === "string" ? segment : parent?.segment;
    return typeof key === "string" && isNaming(key) && isOrdinary(value) ? [value] : [];
  });
}

/** Keys repeat within documents and between them. */
const isNaming = memoize((key) => {
  const last = splitWords(key).at(-1);
  return last !== undefined && namingWords.has(foldPlural(last));
});

/** Whether a password is a name in the same text: the user, the host or the database of `postgres://orders:orders@orders/orders`. */
export function standsOpenly(secret: string, text: string): boolean {
  if (secret.length < shortestKnown || !/^[\p{L}\p{N}_. -]+$/u.test(secret) || !isOrdinary(secret))
    return false;
  let looked = 0;
  for (let index = text.indexOf(secret); index !== -1 && looked < maxLookups; looked++) {
    const before = text.slice(Math.max(0, index - 256), index);
    const after = text.slice(index + secret.length, index + secret.length + 3);
    if (after === "://" || beforeName.test(before) || beforeHostOrPath.test(before)) return true;
    if (before.endsWith("://") && after !== "" && ":@".includes(after.charAt(0))) return true;
    index = text.indexOf(secret, index + secret.length);
  }
  return false;
}

/** Shorter values occur by chance: `tasker` as a password must not mask half a configuration. */
export const shortestKnown = 8;
/** From this number on, one test per position of a text is cheaper than one search per secret. */
const mostSearched = 16;

/** Known secrets, recognized under harmless names and inside other texts. */
export class KnownSecrets {
  readonly #values = new Set<string>();
  /** Those of the values that are plain words. */
  readonly #words = new Set<string>();
  /** By their first characters, so that a text is searched once for any number of secrets. */
  readonly #byBeginning = new Map<string, string[]>();

  readonly #open = new Set<string>();

  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value);
  }

  get empty(): boolean {
    return this.#values.size === 0;
  }

  /** Visible names in the document: from now on they are not added. */
  leaveOut(names: Iterable<string>): void {
    for (const name of names) this.#open.add(name);
  }

  add(value: string): void {
    // A secret from a file ends in a line break, but is used without it.
    for (const secret of new Set([value, value.trim()])) {
      if (isWorthKnowing(secret) && !this.#open.has(secret))
        for (const spelling of spellingsOf(secret)) this.#addSpelling(spelling);
    }
  }

  /** Whether the whole text is one of them. */
  has(text: string): boolean {
    return this.#values.has(text);
  }

  /** The text with every occurrence of one of them masked; the text itself if there is none. */
  mask(text: string): string {
    if (this.empty || text.length < shortestKnown) return text;
    if (this.has(text)) return MASK;
    if (!this.#mayBeIn(text)) return text;
    let masked = "";
    let position = 0;
    for (let index = 0; index + shortestKnown <= text.length; index++) {
      const length = this.#lengthAt(text, index);
      if (length === 0) continue;
      masked += text.slice(position, index) + MASK;
      position = index + length;
      index = position - 1;
    }
    return position === 0 ? text : masked + text.slice(position);
  }

  #addSpelling(value: string): void {
    if (this.#values.has(value)) return;
    this.#values.add(value);
    if (plainWord.test(value)) this.#words.add(value);
    const beginning = value.slice(0, shortestKnown);
    const sharing = this.#byBeginning.get(beginning);
    if (sharing === undefined) this.#byBeginning.set(beginning, [value]);
    else sharing.push(value);
  }

  /** Most texts contain none, and for a few secrets the engine's own search is fastest. */
  #mayBeIn(text: string): boolean {
    if (this.#byBeginning.size > mostSearched) return true;
    for (const beginning of this.#byBeginning.keys()) if (text.includes(beginning)) return true;
    return false;
  }

  #lengthAt(text: string, index: number): number {
    const candidates = this.#byBeginning.get(text.slice(index, index + shortestKnown));
    let longest = 0;
    for (const candidate of candidates ?? []) {
      if (
        candidate.length > longest &&
        // The cheap test first: a word of one repeated letter begins everywhere in a text of that letter.
        (!this.#words.has(candidate) || standsAlone(candidate, text, index)) &&
        text.startsWith(candidate, index)
      )
        longest = candidate.length;
    }
    return longest;
  }
}

/** References to variables, blanks, common words and the mask itself are not secrets. */
function isWorthKnowing(value: string): boolean {
  return (
    value.length >= shortestKnown &&
    value !== MASK &&
    !/^(?:\$\{[^}]*\}|\s*)$/.test(value) &&
    !isCommon(value)
  );
}

/** The secret unchanged, as in a JSON string, and as in a URL. */
function spellingsOf(value: string): Set<string> {
  const spellings = new Set([value, JSON.stringify(value).slice(1, -1)]);
  try {
    return spellings.add(encodeURIComponent(value));
  } catch {
    // A lone surrogate has no spelling in a URL.
    return spellings;
  }
}

const plainWord = /^(?:[a-z]+|[A-Z]+|\d+)$/;

/** A password that is a plain word is masked as a word: `elephants_eu` survives the password `elephants`. */
function standsAlone(secret: string, text: string, index: number): boolean {
  return !/\w/.test(text.charAt(index - 1)) && !/\w/.test(text.charAt(index + secret.length));
}
