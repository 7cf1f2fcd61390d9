import { decodeBase64 } from "./decode-base64.js";
import type { Finding } from "./finding.js";

const scheme = /(?<![A-Za-z0-9])(bearer|basic)[ \t]{1,8}([^\s"'`<>,;)\]}]+)/gi;

/** Words that follow it in sentences about authentication, and in a server's challenge. */
const prose = new Set(
  (
    "token tokens auth authentication authorization scheme schemes header headers credential credentials format prefix type " +
    "keyword is was are or and in with for to of from at as by the a an required only access realm error scope"
  ).split(" "),
);

/** The credentials of `Bearer …` and `Basic …`. */
export function findAuthorizationSchemes(text: string): Finding[] {
  if (!/[ \t]/.test(text)) return [];
  const findings: Finding[] = [];
  for (const match of text.matchAll(scheme)) {
    const [whole, name = "", credentials = ""] = match;
    const secrets =
      name.toLowerCase() === "basic" ? basicSecrets(credentials) : bearerSecrets(credentials);
    const end = match.index + whole.length;
    if (secrets.length > 0)
      findings.push({ start: end - credentials.length, end, secrets, lowConfidence: false });
  }
  return findings;
}

function bearerSecrets(credentials: string): string[] {
  const word = /^([a-z]+)(?:[.:!?]|=.*)?$/i.exec(credentials)?.[1];
  return word !== undefined && prose.has(word.toLowerCase()) ? [] : [credentials];
}

/** Base64 of `user:password`; anything else after the word is prose: `Basic plan`. */
function basicSecrets(credentials: string): string[] {
  if (!/^[\w+/-]{4,}={0,2}$/.test(credentials)) return [];
  const decoded = decodeBase64(credentials);
  const colon = decoded.indexOf(":");
  return colon === -1 || !/^[\x20-\x7e\xa0-\xff]+$/.test(decoded)
    ? []
    : [credentials, decoded.slice(colon + 1)];
}
