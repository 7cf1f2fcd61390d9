/** JSON for another program, that does nothing to a terminal either: what JSON leaves as it is, and a terminal obeys, is escaped. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_unit, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}
