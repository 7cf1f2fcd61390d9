import type { Finding } from "./finding.js";

const run = /[\w.-]+/g;

/** JWTs: base64url of a JSON object (`eyJ`), a dot, and more. */
export function findJsonWebTokens(text: string): Finding[] {
  if (!text.includes("eyJ")) return [];
  const findings: Finding[] = [];
  for (const match of text.matchAll(run)) {
    const offset = startInRun(match[0]);
    if (offset === -1) continue;
    const start = match.index + offset;
    const end = match.index + match[0].length;
    findings.push({ start, end, secrets: [text.slice(start, end)], lowConfidence: false });
  }
  return findings;
}

/** The shortest header, `{"a":1}`, in base64url. */
const shortestHeader = 10;

/** Characters before the header stay; everything after it belongs to the token. */
function startInRun(characters: string): number {
  const start = characters.indexOf("eyJ");
  if (start === -1) return -1;
  const dot = characters.indexOf(".", start);
  return dot - start < shortestHeader || dot + 2 >= characters.length ? -1 : start;
}
