import { type Finding, MASK } from "./finding.js";
import { isOrdinary, isPlaceholder } from "../ordinary-value.js";
import { isSensitiveKey } from "../keys/sensitive-key.js";
import { decodePercent } from "./credential-finding.js";
import type { TextPattern } from "./text-pattern.js";
import { textPatterns } from "./text-patterns.js";

/** Everything that a pattern finds contains one of these; few values of a configuration do. */
const anySign = /[\s$<=:@*}&(]|md5/i;
const patterns = Object.values(textPatterns);

/** Secrets in SQL, XML, netrc, .pgpass, hashes and the like. */
export function findTextPatterns(text: string): Finding[] {
  if (!anySign.test(text)) return [];
  const lower = text.toLowerCase();
  return patterns
    .filter(({ marks }) =>
      marks.some((mark) => (typeof mark === "string" ? lower.includes(mark) : mark.test(lower))),
    )
    .flatMap((pattern) => findPattern(text, pattern));
}

function findPattern(text: string, { pattern, unlessOrdinary = false }: TextPattern): Finding[] {
  const findings: Finding[] = [];
  for (const { groups, indices } of text.matchAll(pattern)) {
    const name = groups?.secret === undefined ? "quoted" : "secret";
    const secret = groups?.[name];
    const span = indices?.groups?.[name];
    if (secret === undefined || span === undefined || secret.includes(MASK)) continue;
    const key = groups?.key;
    if (key !== undefined && !isSensitiveKey(key, secret)) continue;
    if (isPlaceholder(secret) || (unlessOrdinary && isOrdinary(secret))) continue;
    const [start, end] = span;
    findings.push({ start, end, secrets: decodePercent(secret.trim()), lowConfidence: false });
  }
  return findings;
}
