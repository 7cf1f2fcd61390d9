import type { Finding } from "./finding.js";

const begin = "-----BEGIN ";
/** Public blocks: certificates, requests for them, public keys, parameters, signatures. */
const publicLabel =
  /(?:(?:NEW |TRUSTED |X509 )?CERTIFICATE(?: REQUEST)?|X509 CRL|(?:[A-Z0-9]{1,8} )?PUBLIC KEY(?: BLOCK)?|[A-Z0-9]{1,8} PARAMETERS|PGP SIGN(?:ATURE|ED MESSAGE))-----/y;

/**
 * PEM blocks that contain more than public keys and certificates. One without an end extends to the end of the text.
 */
export function findPemBlocks(text: string): Finding[] {
  const findings: Finding[] = [];
  for (let start = text.indexOf(begin); start !== -1;) {
    publicLabel.lastIndex = start + begin.length;
    if (publicLabel.test(text)) {
      start = text.indexOf(begin, publicLabel.lastIndex);
      continue;
    }
    const end = endOfBlock(text, start + begin.length);
    findings.push({ start, end, secrets: [text.slice(start, end)], lowConfidence: false });
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
