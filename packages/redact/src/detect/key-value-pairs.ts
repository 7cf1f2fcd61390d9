import { type Finding, MASK } from "./finding.js";
import { isOrdinary } from "../ordinary-value.js";
import { isSensitiveKey, classifyKey } from "../keys/sensitive-key.js";
import { decodePercent } from "./credential-finding.js";
import { readValueAfter } from "./value-after.js";

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
  // `%3Ftoken`: the escape is not part of the name.
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

const separator = /%(?:25)?3[ad]|[=:][=:>]{0,2}|(?<=[ \t])(?:->|→)(?=[ \t])/gi;
const arrows = new Set(["->", "→"]);
/** What messages say about a secret after a colon: `password: required`. */
const statements = new Set(
  (
    "required optional missing invalid incorrect wrong expired revoked denied rejected refused mismatch unknown unset empty absent " +
    "needed enabled disabled forbidden unauthorized"
  ).split(" "),
);
const nothingSecret = /^(?:null|undefined|true|false|none|nil|\*+)$/i;

/**
 * Values after sensitive keys: `password=…`, `"api_key": "…"`, `;password=…`, `?access_token=…`,
 * `Authorization: …`, `:secret => …`.
 */
export function findKeyValuePairs(text: string): Finding[] {
  const findings: Finding[] = [];
  separator.lastIndex = 0;
  for (let match = separator.exec(text); match !== null; match = separator.exec(text)) {
    const finding = pairAt(text, match[0], match.index);
    if (finding === null) continue;
    findings.push(finding);
    separator.lastIndex = Math.max(separator.lastIndex, finding.end);
  }
  return findings;
}

function pairAt(text: string, sign: string, index: number): Finding | null {
  const after = index + sign.length;
  // `https://` and `Module::Name` are not pairs.
  if ((sign === ":" && text.startsWith("//", after)) || sign.startsWith("::")) return null;
  const key = readKeyBefore(text, index);
  if (key === "" || classifyKey(key) === "plain") return null;
  const value = readValueAfter(text, after, { key, isColon: sign === ":" });
  const secret = text.slice(value.start, value.end);
  if (secret === "" || secret === MASK || nothingSecret.test(secret)) return null;
  if (!isSensitiveKey(key, secret)) return null;
  if (arrows.has(sign) && isOrdinary(secret)) return null;
  const lowConfidence = sign === ":" && !value.quoted && /^\p{L}+[.,;!?]?$/u.test(secret);
  if (lowConfidence && statements.has(secret.toLowerCase().replace(/[.,;!?]$/, ""))) return null;
  return { start: value.start, end: value.end, secrets: decodePercent(secret), lowConfidence };
}
