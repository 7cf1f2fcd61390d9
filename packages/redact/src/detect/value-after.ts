/** A value's place, without its quotes. */
export interface ValueSpan {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const space = /[ \t]{0,8}/y;
const openingQuote = /(\\*)(["'`])/y;
const encodedQuote = /(?:%(?:25)?20|\+)?(?:%(?:25)?5c)?%(?:25)?(2[27])/iy;
const nextPair = /(?:%(?:25)?26|[&;,])\s{0,8}["']?[\w.-]{1,64}["']?\s{0,8}(?:[=:]|%(?:25)?3[ad])/iy;
const closing: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };
const wholeLine = /(?:authorization|cookie)\W*$/i;

/** Reads the value that follows a separator: quoted, in brackets, to the next pair, or to white space. */
export function readValueAfter(
  text: string,
  from: number,
  { key, isColon }: { readonly key: string; readonly isColon: boolean },
): ValueSpan {
  const start = matchAt(space, text, from)?.end ?? from;
  const quote = matchAt(openingQuote, text, start);
  if (quote !== null) return { start: quote.end, end: closingQuote(text, quote), quoted: true };
  const encoded = matchAt(encodedQuote, text, start);
  if (encoded !== null) {
    const length = text.slice(encoded.end).search(/(?:%(?:25)?5c)?%(?:25)?2[27]|[\s"']/i);
    return {
      start: encoded.end,
      end: length === -1 ? text.length : encoded.end + length,
      quoted: true,
    };
  }
  const close = closing[text.charAt(start)];
  if (close !== undefined)
    return { start, end: closingBracket(text, start, text.charAt(start), close), quoted: true };
  // The headers' values contain spaces.
  if (isColon && wholeLine.test(key)) return { start, end: endOfLine(text, start), quoted: true };
  return { start, end: endOfBareValue(text, start), quoted: false };
}

interface Quote {
  readonly end: number;
  readonly backslashes: number;
  readonly mark: string;
}

function matchAt(pattern: RegExp, text: string, index: number): Quote | null {
  pattern.lastIndex = index;
  const match = pattern.exec(text);
  return match === null
    ? null
    : { end: pattern.lastIndex, backslashes: match[1]?.length ?? 0, mark: match[2] ?? "" };
}

/** The quote that was opened, not one inside it: those have more backslashes, or are doubled. */
function closingQuote(text: string, { end: start, backslashes, mark }: Quote): number {
  for (let index = text.indexOf(mark, start); index !== -1; index = text.indexOf(mark, index + 1)) {
    const before = backslashesBefore(text, index, start);
    if (backslashes === 0 && mark === "'" && text.charAt(index + 1) === mark) index++;
    else if (backslashes === 0 ? before % 2 === 0 : before <= backslashes)
      return index - (backslashes === 0 ? 0 : before);
  }
  return text.length;
}

function backslashesBefore(text: string, index: number, floor: number): number {
  let count = 0;
  while (index - count > floor && text.charAt(index - count - 1) === "\\") count++;
  return count;
}

function closingBracket(text: string, start: number, open: string, close: string): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === open) depth++;
    else if (character === close && --depth === 0) return index + 1;
  }
  return text.length;
}

function endOfLine(text: string, start: number): number {
  const end = text.slice(start).search(/[\r\n]/);
  return end === -1 ? text.length : start + end;
}

function endOfBareValue(text: string, start: number): number {
  let index = start;
  while (index < text.length && !/\s/.test(text.charAt(index)) && !endsHere(text, index))
    index += isEscapedBlank(text, index) ? 2 : 1;
  return index;
}

/** As in a connection string of libpq. */
function isEscapedBlank(text: string, index: number): boolean {
  return text.startsWith("\\ ", index);
}

/** A further pair, or the quote of a surrounding text. */
function endsHere(text: string, index: number): boolean {
  const character = text.charAt(index);
  if ("&;,%".includes(character)) {
    nextPair.lastIndex = index;
    return nextPair.test(text);
  }
  return (
    (character === '"' || character === "'" || character === "`") &&
    /^(?:$|[\s,;:}\])])/.test(text.slice(index + 1, index + 2))
  );
}
