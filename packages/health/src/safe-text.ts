import { cutText, type Redactor } from "@tasker-observability/redact";

/** Characters of a message that are kept. */
const maxLength = 300;
/** A longer text is not searched for secrets, and therefore replaced. */
const maxSearched = 8_192;

/** A check's message as it may leave the process: without secrets, on one line, truncated. */
export function toSafeText(text: string, redactor: Pick<Redactor, "text">): string {
  if (text.length > maxSearched) return "the check's message is too long to be shown";
  const line = redactor
    .text(text)
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, " ")
    .trim();
  return line.length > maxLength ? `${cutText(line, maxLength)}…` : line;
}
