const farthest = 96;
const mostWords = 3;
/** Of JSON in a URL. */
const encodedQuote = /(?:%(?:25)?(?:5c|2[27])){1,2}$/i;

/** The key that ends at an index: quoted or not, up to three words, `db.password`, `headers["x-api-key"]`. */
export function readKeyBefore(text: string, index: number): string {
  const floor = Math.max(0, index - farthest);
  const encoded = encodedQuote.exec(text.slice(Math.max(floor, index - 16), index))?.[0] ?? "";
  const end = skipBack(text, index - encoded.length, floor, " \t\\\"'`)]");
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
  const name = text.slice(start, end);
  return text.charAt(start - 1) === "%" ? name.replace(/^(?:25)?[0-9a-f]{2}/i, "") : name;
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
