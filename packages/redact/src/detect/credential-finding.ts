import { type Finding, MASK } from "./finding.js";

/** A value as it is written, and decoded if it is percent-encoded. */
export function decodePercent(text: string): string[] {
  if (!text.includes("%")) return [text];
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
}

/** The finding for `user:password`: the password is a secret by itself, a lone user name is not. */
export function credentialFinding(text: string, start: number, end: number): Finding[] {
  const userInfo = text.slice(start, end);
  if (userInfo === MASK) return [];
  const colon = userInfo.indexOf(":");
  const secrets = colon === -1 ? [] : [userInfo, ...decodePercent(userInfo.slice(colon + 1))];
  return [{ start, end, secrets, lowConfidence: false }];
}
