/**
 * Text that came from elsewhere, for a terminal: what would move its cursor, break the line or turn the order of what
 * follows about stands as `\u{1b}`.
 */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
