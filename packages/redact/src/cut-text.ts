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
