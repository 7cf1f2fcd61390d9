const farthest = 96;
const mostWords = 3;

/** The key that ends at an index: quoted or not, up to three words, `db.password`, `headers["x-api-key"]`. */
export function readKeyBefore(text: string, index: number): string {
  const floor = Math.max(0, index - farthest);
  const end = skipBack(text, index, floor, " \t\\\"'`)]");
  let start = skipName(text, end, floor);
  // "api key: …" in a sentence.
  for (
    let words = 1;
    words < mostWords && start - 1 > floor && text.charAt(start - 1) === " ";
    words++
  ) {
    const next = skipName(text, start - 1, floor);
    if (next === start - 1) break;
    start = next;
  }
  // `%3Ftoken`: the escape is not of the name.
  return text.slice(text.charAt(start - 1) === "%" ? start + 2 : start, end);
}

function skipBack(text: string, from: number, floor: number, characters: string): number {
  let index = from;
  while (index > floor && characters.includes(text.charAt(index - 1))) index--;
  return index;
}

function skipName(text: string, from: number, floor: number): number {
  let index = from;
  while (index > floor && isNameCharacter(text.charCodeAt(index - 1))) index--;
  return index;
}

/** Letters, digits, `_`, `-`, `.`, `$` and everything beyond ASCII, where look-alikes and invisible characters are. */
function isNameCharacter(code: number): boolean {
  if (code >= 0x80) return true;
  if (code >= 0x30 && code <= 0x39) return true;
  if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) return true;
  return code === 0x5f || code === 0x2d || code === 0x2e || code === 0x24;
}
