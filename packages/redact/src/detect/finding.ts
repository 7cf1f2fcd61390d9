/** What stands in the place of a secret: one fixed text, so that neither its length nor its ends say anything. */
export const MASK = "***REDACTED***";

/** A secret found in a text. */
export interface Finding {
  readonly start: number;
  /** The first character after it. */
  readonly end: number;
  /** The values that would be recognized elsewhere: a password alone as well as the user-info that it was found in. */
  readonly secrets: readonly string[];
  /** True if prose reads the same: `token: required`. A whole value is not given up for it. */
  readonly lowConfidence: boolean;
}

/** Puts the mask in the place of every finding; those that touch are one. */
export function maskFindings(text: string, findings: readonly Finding[]): string {
  let masked = "";
  let position = 0;
  for (const { start, end } of mergeSpans(findings)) {
    masked += text.slice(position, start) + MASK;
    position = end;
  }
  return masked + text.slice(position);
}

function mergeSpans(findings: readonly Finding[]): { start: number; end: number }[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...findings].sort((a, b) => a.start - b.start)) {
    const previous = merged.at(-1);
    if (previous !== undefined && start <= previous.end) previous.end = Math.max(previous.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
