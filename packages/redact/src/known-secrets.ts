import { isCommon } from "./common-words.js";
import { MASK } from "./mask.js";

/** Shorter values appear by themselves: `tasker` as a password must not mask half a configuration. */
export const shortestKnown = 8;
/** From here on one look at each position of a text is cheaper than one search for each secret. */
const mostSearched = 16;

/** Values that were seen to be secret, to be recognised under innocent names and inside other texts. */
export class KnownSecrets {
  readonly #values = new Set<string>();
  /** Those of the values that are plain words. */
  readonly #words = new Set<string>();
  /** By their first characters, so that a text is searched once, however many secrets there are. */
  readonly #byBeginning = new Map<string, string[]>();

  readonly #open = new Set<string>();

  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value);
  }

  get empty(): boolean {
    return this.#values.size === 0;
  }

  /** Names that stand in the document for all to see: from now on they are not added. */
  leaveOut(names: Iterable<string>): void {
    for (const name of names) this.#open.add(name);
  }

  add(value: string): void {
    // A secret from a file ends in a line break, and is used without it.
    for (const secret of new Set([value, value.trim()])) {
      if (isWorthKnowing(secret) && !this.#open.has(secret))
        for (const spelling of spellingsOf(secret)) this.#addSpelling(spelling);
    }
  }

  /** Whether the whole text is one of them. */
  has(text: string): boolean {
    return this.#values.has(text);
  }

  /** The text with every occurrence of one of them masked; the text itself where there is none. */
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

  /** Most texts hold none, and for a few secrets the engine's own search says so at once. */
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
        // First what costs little: a word of one letter repeated begins everywhere in a text of that letter.
        (!this.#words.has(candidate) || standsAlone(candidate, text, index)) &&
        text.startsWith(candidate, index)
      )
        longest = candidate.length;
    }
    return longest;
  }
}

/** A reference to a variable is no secret, nor are blanks, a common word, and the mask least of all. */
function isWorthKnowing(value: string): boolean {
  return (
    value.length >= shortestKnown &&
    value !== MASK &&
    !/^(?:\$\{[^}]*\}|\s*)$/.test(value) &&
    !isCommon(value)
  );
}

/** As it is, as JSON writes it inside a string, and as a URL writes it. */
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
