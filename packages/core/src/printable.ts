/**
 * Untrusted text, for a terminal: characters that move its cursor, break the line or reverse the order of what
 * follows are written as `\u{1b}`.
 */
export function toPrintable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The same for JSON, which keeps its values: such characters in its strings are written as `\u001b`. Its line breaks are kept. */
export function toPrintableJson(json: string): string {
  return json.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character.split("").map(escapeUnit).join(""),
  );
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
