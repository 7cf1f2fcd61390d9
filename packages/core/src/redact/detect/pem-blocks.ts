import type { Finding } from "../finding.js";

const begin = "-----BEGIN ";

/** PEM blocks: keys and certificates. One without its end goes on to the end of the text. */
export function findPemBlocks(text: string): Finding[] {
  const findings: Finding[] = [];
  for (let start = text.indexOf(begin); start !== -1;) {
    const end = endOfBlock(text, start + begin.length);
    findings.push({ start, end, secrets: [text.slice(start, end)], weak: false });
    start = text.indexOf(begin, end);
  }
  return findings;
}

function endOfBlock(text: string, from: number): number {
  const footer = text.indexOf("-----END ", from);
  if (footer === -1) return text.length;
  const dashes = text.indexOf("-----", footer + 9);
  return dashes === -1 ? text.length : dashes + 5;
}
