/** Pairs of a letter and the Latin one that it looks like in most fonts. */
const pairs =
  // Cyrillic
  "аa еe оo рp сc уy хx іi ѕs јj ԁd һh ԛq ԝw кk мm тt вb нh гr пn ёe ӏl " +
  "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЅS ЈJ ԌG ԚQ ԜW ӀI " +
  // Greek
  "αa εe ιi κk νv οo ρp τt υu χx ωw ηn ϲc ϳj " +
  "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX " +
  // Latin letters that do not decompose, and Armenian
  "ıi ɑa ɡg ɩi ʋv øo łl đd ßs օo սu ցg հh";

const latin = new Map(pairs.split(" ").map((pair) => [pair.charAt(0), pair.charAt(1)] as const));

/** The Latin letter that a character looks like, or the character itself. */
export function latinOf(character: string): string {
  return latin.get(character) ?? character;
}

const wordPattern = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{Lo}\p{Lm}]+|\p{N}+/gu;
const plainAscii = /^[\x20-\x7e]*$/;

/**
 * The words of a key, in lower case: `clientSecret`, `CLIENT_SECRET` and `client-secret` are `client`, `secret`.
 * Full-width letters, accents, invisible characters and letters of other scripts that look Latin are normalized.
 */
export function splitWords(key: string): string[] {
  const words = toLatin(key).match(wordPattern) ?? [];
  // Once more, because only the lower-case form of some letters looks Latin.
  return words.map((word) => toLatin(word.toLowerCase()));
}

function toLatin(key: string): string {
  if (plainAscii.test(key)) return key;
  // Decomposed, so that accents come off as marks; format characters are the invisible ones.
  const visible = key.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "");
  return Array.from(visible, latinOf).join("");
}

/** `tokens` becomes `token`; words like `pass` are not plurals. */
export function foldPlural(word: string): string {
  return word.length > 2 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}
