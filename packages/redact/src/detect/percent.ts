/** A value as it is written, and as it is meant where it is percent-encoded. */
export function decodePercent(text: string): string[] {
  if (!text.includes("%")) return [text];
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
}
