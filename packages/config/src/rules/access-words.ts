import { didYouMean } from "@tasker-observability/core";

/** Words in a key that mean access control, in any position. */
const strong = new Set([
  ...["auth", "authn", "authz", "authenticate", "authenticated", "authentication"],
  ...["authorize", "authorized", "authorization", "authorisation", "basicauth", "oauth", "oauth2"],
  ...["oidc", "saml", "sso", "ldap", "jwt", "jwks", "rbac", "acl", "acls", "apikey", "apikeys"],
  ...["security", "secured", "protect", "protected", "protection", "credentials", "login"],
]);
const strongPairs = /\b(?:api keys?|access (?:control|keys?|lists?|tokens?)|bearer tokens?)\b/;

/** Words that mean access control in the table of the HTTP listener, and anything elsewhere. */
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

/**
 * Words that mean access control only in a table's name: `access` and `guard` have other meanings too, such as in an
 * access log.
 */
const ofTables = new Set([
  ...["access", "accesses", "guard", "guards", "guarded", "firewall"],
  ...["webaccess", "httpaccess", "apiaccess", "webguard", "httpguard", "apiguard"],
]);

/** Other names that people give to the listener's table, alone or combined. */
const ofListener = new Set([
  ...["web", "http", "https", "server", "api", "rest", "listener", "admin", "endpoint"],
  ...["endpoints", "observability", "health", "metrics"],
]);

/** Words that make a key the address of another service that the application calls. */
const others = new Set([
  ...["service", "services", "server", "url", "uri", "host", "client", "provider", "upstream"],
  ...["gateway", "db", "database"],
]);

/** Words long enough that a typo does not turn them into another word. (`production` is close to `protection`.) */
const longWords = [...strong].filter((word) => word.startsWith("auth") && word.length >= 9);

/** Whether a key, even misspelled, looks like access control of a worker. */
export function looksLikeAccess(
  key: string,
  { inWeb, isTable }: { readonly inWeb: boolean; readonly isTable: boolean },
): boolean {
  const words = wordsOf(key);
  if (!inWeb && words.some((word) => others.has(word))) return false;
  return (
    strongPairs.test(words.join(" ")) ||
    words.some((word) => isStrong(word) || (inWeb && weak.has(word))) ||
    ((inWeb || isTable) && !words.some(isLog) && words.some((word) => ofTables.has(word)))
  );
}

/** Whether a key has the name of a setting of `worker.web.auth` that an application is unlikely to have. */
export function looksLikeAuthSetting(key: string): boolean {
  const words = wordsOf(key);
  if (words.some((word) => others.has(word))) return false;
  return /^(?:jwt |protect(?:ed)? (?:probes?|routes?|endpoints?|paths?)$)/.test(words.join(" "));
}

/** `api_keys` in any way of writing it, and as part of a name: `web_api_keys`. */
export function looksLikeApiKeys(key: string): boolean {
  return /api ?keys?$/.test(wordsOf(key).join(" "));
}

/** `web_server`, `httpServer` and `webserver` are names for the listener; `api_client` is not. */
export function looksLikeListener(key: string): boolean {
  const words = wordsOf(key).flatMap(
    (word) => /^(web|http|rest|api|admin)(server|api|listener)$/.exec(word)?.slice(1) ?? [word],
  );
  if (!words.every((word) => ofListener.has(word))) return false;
  return !words.every((word) => ["health", "metrics", "observability"].includes(word));
}

function isStrong(word: string): boolean {
  return strong.has(word) || isRunTogether(word) || isSlip(word);
}

function isLog(word: string): boolean {
  return word === "log" || word === "logs";
}

/** `webauth`, `httpsecurity`: no other word has this ending. */
function isRunTogether(word: string): boolean {
  return (
    /(?:auth[nz]?|authentication|authori[sz]ation|security)$/.test(word) ||
    /(?:apikeys?|accesscontrol|accesslists?|accesskeys?|accesstokens?)$/.test(word) ||
    /^auth(?:guard|config|settings|keys?|users?)$/.test(word)
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

/** `auth` is too short for a general distance, which would match `path` and `auto`. */
function isSlip(word: string): boolean {
  return (
    Array.from(word).sort().join("") === "ahtu" ||
    /^(?:a+u+t+h+s?|aut|ath|uth)$/.test(word) ||
    (/^a.{8,}/.test(word) && didYouMean(word, longWords) !== undefined)
  );
}
