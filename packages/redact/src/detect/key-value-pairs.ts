import type { Finding } from "../finding.js";
import { MASK } from "../mask.js";
import { isOrdinary } from "../ordinary-value.js";
import { isSensitiveKey, judgeKey } from "../sensitive-key.js";
import { readKeyBefore } from "./key-before.js";
import { decodePercent } from "./percent.js";
import { readValueAfter } from "./value-after.js";

const separator = /%(?:25)?3[ad]|[=:][=:>]{0,2}|(?<=[ \t])(?:->|→)(?=[ \t])/gi;
const arrows = new Set(["->", "→"]);
/** What a message says of a secret after a colon: `password: required`. */
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
  // `https://` and `Module::Name` are no pairs.
  if ((sign === ":" && text.startsWith("//", after)) || sign.startsWith("::")) return null;
  const key = readKeyBefore(text, index);
  if (key === "" || judgeKey(key) === "plain") return null;
  const value = readValueAfter(text, after, { key, isColon: sign === ":" });
  const secret = text.slice(value.start, value.end);
  if (secret === "" || secret === MASK || nothingSecret.test(secret)) return null;
  if (!isSensitiveKey(key, secret)) return null;
  if (arrows.has(sign) && isOrdinary(secret)) return null;
  const weak = sign === ":" && !value.quoted && /^\p{L}+[.,;!?]?$/u.test(secret);
  if (weak && statements.has(secret.toLowerCase().replace(/[.,;!?]$/, ""))) return null;
  return { start: value.start, end: value.end, secrets: decodePercent(secret), weak };
}
