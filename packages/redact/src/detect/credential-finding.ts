import type { Finding } from "../finding.js";
import { MASK } from "../mask.js";
import { decodePercent } from "./percent.js";

/** The finding for `user:password`: the password is a secret by itself, a lone user name is not. */
export function credentialFinding(text: string, start: number, end: number): Finding[] {
  const userInfo = text.slice(start, end);
  if (userInfo === MASK) return [];
  const colon = userInfo.indexOf(":");
  const secrets = colon === -1 ? [] : [userInfo, ...decodePercent(userInfo.slice(colon + 1))];
  return [{ start, end, secrets, weak: false }];
}
