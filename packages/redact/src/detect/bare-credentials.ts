import type { Finding } from "./finding.js";
import { credentialFinding } from "./credential-finding.js";

const piece = /[^\s"'`<>]+/g;

/** Words before a colon that never begin `user:password@host`. */
const notUsers = new Set(
  "npm pkg workspace file node data urn git link catalog jsr xmpp sip sips".split(" "),
);

/** Words before a colon that a mail address follows. */
const addressLabels = new Set(
  "mailto from to cc bcc email mail contact acct user username author by reply-to sender recipient".split(
    " ",
  ),
);

/** `user:password@host` without a scheme. */
export function findBareCredentials(text: string): Finding[] {
  if (!text.includes("@")) return [];
  const findings: Finding[] = [];
  for (const match of text.matchAll(piece)) {
    const characters = match[0];
    const at = characters.lastIndexOf("@");
    if (at <= 0 || characters.includes("://")) continue;
    const start = /^[([{,;=]*/.exec(characters)?.[0].length ?? 0;
    const colon = characters.indexOf(":", start);
    if (colon <= start || colon >= at - 1) continue;
    if (
      isCredential(
        characters.slice(start, colon),
        characters.slice(colon + 1, at),
        characters.slice(at + 1),
      )
    ) {
      findings.push(...credentialFinding(text, match.index + start, match.index + at));
    }
  }
  return findings;
}

function isCredential(user: string, password: string, host: string): boolean {
  if (!/^[\w[(/]/.test(host) || /^sha\d{3}:/.test(host)) return false;
  if (notUsers.has(user.toLowerCase()) || password.startsWith("//")) return false;
  if (
    addressLabels.has(user.toLowerCase()) &&
    /^[\w.+-]+$/.test(password) &&
    /^[\w-]+\.[\w.-]+\W?$/.test(host)
  )
    return false;
  // A drive letter and a path.
  return !(user.length === 1 && /^[/\\]/.test(password));
}
