/** Pairs of a letter and the Latin one that it passes for in most fonts. */
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

/** The Latin letter that a character passes for, or the character itself. */
export function latinOf(character: string): string {
  return latin.get(character) ?? character;
}
