import { findAuthorizationSchemes } from "./detect/authorization-schemes.js";
import { findBareCredentials } from "./detect/bare-credentials.js";
import { findCommandLines } from "./detect/command-lines.js";
import { findJsonWebTokens } from "./detect/json-web-tokens.js";
import { findKeyValuePairs } from "./detect/key-value-pairs.js";
import { findKnownFormats } from "./detect/known-formats.js";
import { findPemBlocks } from "./detect/pem-blocks.js";
import { findTextPatterns } from "./detect/find-text-patterns.js";
import { findUrlCredentials } from "./detect/url-credentials.js";
import type { Finding } from "./finding.js";
import { standsOpenly } from "./known-secrets.js";

const shortestSecret = 3;

/** Everything in a text that looks like a secret. Linear in the length of the text, whatever it holds. */
export function findSecrets(text: string): Finding[] {
  if (text.length < shortestSecret) return [];
  const findings = [
    ...findUnmistakable(text),
    ...findAuthorizationSchemes(text),
    ...findUrlCredentials(text),
    ...findBareCredentials(text),
    ...findKeyValuePairs(text),
    ...findTextPatterns(text),
    ...findCommandLines(text),
  ];
  return findings.map((finding) => ({
    ...finding,
    secrets: finding.secrets.filter((secret) => !standsOpenly(secret, text)),
  }));
}

/** The secrets that a text gives away: of a connection URL its password, as it is written and as it is meant. */
export function secretsIn(text: string): string[] {
  return findSecrets(text).flatMap(({ secrets }) => secrets);
}

/** What is a secret in any surroundings, documentation included. */
export function findUnmistakable(text: string): Finding[] {
  if (text.length < 16) return [];
  return [...findPemBlocks(text), ...findKnownFormats(text), ...findJsonWebTokens(text)];
}
