import { MASK } from "./detect/finding.js";

/**
 * How many characters of a message, a stack or a log line's text are searched for secrets: megabytes would block the
 * event loop.
 */
const mostSearched = 65_536;
/** The last of them are not shown, because half a secret at the cut might not be recognized. */
const notShown = 8_192;

/** The part of a text that is worth searching. */
export function beginningOf(text: string): string {
  return cutText(text, mostSearched);
}

/** The part of a text that may be shown if only its beginning was redacted, with a note of how long the text was. */
export function markCut(text: string, redacted: string): string {
  if (text.length <= mostSearched || redacted === MASK) return redacted;
  const shown = Math.max(0, Math.min(redacted.length, mostSearched) - notShown);
  return `${cutText(redacted, shown)}… [cut, ${text.length} characters in all]`;
}

/**
 * The beginning of a text, at most so many UTF-16 units long. A character of two units is kept whole or omitted: half
 * of one is not well-formed Unicode, which UTF-8, jsonb and many JSON parsers reject.
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return text.slice(0, end);
}

/** The end of a text, at most so many UTF-16 units long, cut as {@link cutText} cuts. */
export function cutTextToEnd(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.length - most;
  return text.slice(/[\udc00-\udfff]/.test(text.charAt(start)) ? start + 1 : start);
}
