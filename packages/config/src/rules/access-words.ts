import { didYouMean } from "@tasker-observability/core";

/** Words of a key that say, wherever they stand, that somebody is to be kept out. */
const strong = new Set([
  ...["auth", "authn", "authz", "authenticate", "authenticated", "authentication"],
  ...["authorize", "authorized", "authorization", "authorisation", "basicauth", "oauth", "oauth2"],
  ...["oidc", "saml", "sso", "ldap", "jwt", "jwks", "rbac", "acl", "acls", "apikey", "apikeys"],
  ...["security", "secured", "protect", "protected", "protection", "credentials", "login"],
]);
const strongPairs = /\b(?:api keys?|access (?:control|keys?|lists?|tokens?)|bearer tokens?)\b/;

/** Words that say so in the table of the HTTP listener, and may say anything elsewhere. */
const weak = new Set([
  ...["key", "keys", "token", "tokens", "password", "passwords", "secret", "secrets", "bearer"],
  ...["user", "users", "username", "role", "roles", "right", "rights", "permission", "permissions"],
  ...[
    "scope",
    "scopes",
    "allow",
    "allowed",
    "allowlist",
    "whitelist",
    "deny",
    "denied",
    "denylist",
  ],
  ...["blacklist", "cidr", "cidrs", "private", "restrict", "restricted", "readonly"],
  ...["tls", "mtls", "ssl", "https", "cert", "certs", "certificate", "certificates"],
]);

/** Words that make a key the address of somebody else: an application may keep there whom it asks itself. */
const others = new Set([
  ...["service", "services", "server", "url", "uri", "host", "client", "provider", "upstream"],
  ...["gateway", "db", "database"],
]);

/** Words long enough that a slip does not make another word of them. (`production` is near to `protection`.) */
const longWords = [...strong].filter((word) => word.startsWith("auth") && word.length >= 9);

/** Whether a key reads as if it decided who may ask a worker, a slip included. */
export function looksLikeAccess(key: string, { inWeb }: { readonly inWeb: boolean }): boolean {
  const words = wordsOf(key);
  if (!inWeb && words.some((word) => others.has(word))) return false;
  return (
    strongPairs.test(words.join(" ")) ||
    words.some((word) => strong.has(word) || isSlip(word) || (inWeb && weak.has(word)))
  );
}

/** `apiKeys`, `API-Keys` and `api_keys` are the same words. */
function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
}

/** `auth` is too short for a general distance, which would take `path` and `auto` for it. */
function isSlip(word: string): boolean {
  return (
    Array.from(word).sort().join("") === "ahtu" ||
    /^(?:a+u+t+h+s?|aut|ath|uth)$/.test(word) ||
    (/^a.{8,}/.test(word) && didYouMean(word, longWords) !== undefined)
  );
}
