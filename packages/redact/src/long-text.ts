import { cutText } from "./cut-text.js";
import { MASK } from "./mask.js";

/** Characters of a message, a stack or a log line's text that are searched for secrets: megabytes would stop the event loop. */
const mostSearched = 65_536;
/** The last of them are not shown: half a secret at the cut might not be recognised as one. */
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
