/** A word of a command line, without what quotes or punctuation surrounds it. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const longestQuoted = 1_024;
const quotes = "\"'`";

/** Splits a text into words as a shell does, and forgives what is no command line: apostrophes, lists, brackets. A line break is a word. */
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

/** -1 where the quote opens nothing, or a command line of its own, whose words count. */
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

/** Whether the last character closes what opened before the word, or only follows it. */
function closes(word: string): boolean {
  const last = word.slice(-1);
  const opening = { "]": "[", ")": "(", "}": "{" }[last];
  return opening === undefined ? /[,;\\"'`]/.test(last) : !word.includes(opening);
}
