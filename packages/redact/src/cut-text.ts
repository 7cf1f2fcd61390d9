import { MASK } from "./detect/finding.js";

/** Characters of a message, a stack or a log line's text that are searched for secrets: megabytes would stop the event loop. */
const mostSearched = 65_536;
/** The last of them are not shown: half a secret at the cut might not be recognized as one. */
const notShown = 8_192;

/** The part of a text that is worth searching. */
export function beginningOf(text: string): string {
  return cutText(text, mostSearched);
}

/** What may be shown of a text of which only the beginning was redacted: it says so, and how long the text was. */
export function markCut(text: string, redacted: string): string {
  if (text.length <= mostSearched || redacted === MASK) return redacted;
  const shown = Math.max(0, Math.min(redacted.length, mostSearched) - notShown);
  return `${cutText(redacted, shown)}… [cut, ${text.length} characters in all]`;
}

/**
 * The beginning of a text, at most so many UTF-16 units long. A character of two units is kept whole or left out: half of
 * one is no well-formed Unicode, which UTF-8, jsonb and many parsers of JSON refuse.
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
