/** The replacement of a secret: one fixed text, so that it reveals neither length nor ends. */
export const MASK = "***REDACTED***";

/** A secret found in a text. */
export interface Finding {
  readonly start: number;
  /** The first character after it. */
  readonly end: number;
  /** The values to recognize elsewhere: a password, and the user-info that contains it. */
  readonly secrets: readonly string[];
  /** True if prose reads the same: `token: required`. It does not mask a whole value. */
  readonly lowConfidence: boolean;
}

/** Replaces every finding by the mask. Adjacent findings count as one. */
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
