import { findAuthorizationSchemes } from "./authorization-schemes.js";
import { findBareCredentials } from "./bare-credentials.js";
import { findCommandLines } from "./command-lines.js";
import { findJsonWebTokens } from "./json-web-tokens.js";
import { findKeyValuePairs } from "./key-value-pairs.js";
import { findKnownFormats } from "./known-formats.js";
import { findPemBlocks } from "./pem-blocks.js";
import { findTextPatterns } from "./find-text-patterns.js";
import { findUrlCredentials } from "./url-credentials.js";
import type { Finding } from "./finding.js";
import { standsOpenly } from "../known-secrets.js";

const shortestSecret = 3;

/** Everything in a text that looks like a secret. Linear in the length of the text, whatever it contains. */
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

/** The secrets in a text: of a connection URL, its password, as written and decoded. */
export function secretsIn(text: string): string[] {
  return findSecrets(text).flatMap(({ secrets }) => secrets);
}

/** Values that are secrets anywhere, even in documentation. */
export function findUnmistakable(text: string): Finding[] {
  if (text.length < 16) return [];
  return [...findPemBlocks(text), ...findKnownFormats(text), ...findJsonWebTokens(text)];
}
