import { decodeBase64 } from "./detect/decode-base64.js";
/** These contain digits but are words. */
const termWithDigits =
  /^(?:o?auth\d|(?:sha|hs|rs|es|ps|aes|rsa|p|tlsv?|sslv?|pkcs|cb|ctr|gcm|v|md|ripemd|blake|crc|kp|utf|base|x|ed|curve|chacha|poly|ecdh|rfc|iso|http|ntlmv|saml|argon)\d{1,5}[a-z]?|hmacsha\d{1,3}|blake2[bs]\d*|argon2(?:id?|d)|pbkdf2|k8s|s3|2fa|u2f|fido2|ec2|i18n|secp\d{3}[kr]1|prime256v1|hmac\w{0,6}|[a-z]{1,3}\d{1,2}|\d{1,6}[a-z]{0,2})$/i;
const reference =
  /^(?:\$\{[^}]*\}|\$\(.*\)|\$\w+|%\w+%|\{\{.*\}\}|<[\w -]*>|[a-z][a-z0-9+.-]*:\/\/\S*)$/i;
const placeholder =
  /^(?:\*+|\?|\.{3}|…|%[sdv]|[:@]\w{1,32}|\{\w*\}|x{3,}|\[(?:redacted|filtered|hidden|masked)\]|null|none|nil|undefined|true|false)$/i;
const pathToFile = /^(?:~|\.{1,2}|[a-z]:)?[/\\][^\s"'`$]*\.[a-z][a-z0-9]{1,5}$/i;
const wholeUrl = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]*(\S*)$/i;
const longestWord = 20;
/** Shorter ones are ids in a URL. */
const shortestToken = 12;

/**
 * Whether a text is made of words, or is a number, a path, a URL or a reference, like a name or a setting. Under an
 * ambiguous key, any other text is a credential: `auth = "oauth2"`, `auth = "dXNlcjpzM2NyZXQ="`.
 */
export function isOrdinary(text: string): boolean {
  const inside = text.trim();
  if (reference.test(inside) || pathToFile.test(inside)) return true;
  if (inside.length > 512) return false;
  return !isUserInfo(inside) && (inside.match(/[\p{L}\p{N}]+/gu) ?? []).every(isOrdinaryWord);
}

/** Whether a text is a placeholder for a secret: `$PGPASSWORD`, `<password>`, `%s`, `***`. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text) || (reference.test(text) && !text.includes("://"));
}

/**
 * Whether a URL has a token in its path, query or fragment; a text that is not a URL is a token as a whole, or not at
 * all.
 */
export function carriesToken(text: string): boolean {
  const url = wholeUrl.exec(text.trim());
  return url === null ? !isOrdinary(text) : hasToken(url[1] ?? "");
}

/** Whether a text is a URL with a token in its path, query or fragment. */
export function isUrlWithToken(text: string): boolean {
  return hasToken(wholeUrl.exec(text.trim())?.[1] ?? "");
}

function hasToken(pathAndQuery: string): boolean {
  return pathAndQuery
    .split(/[/?#&=;,]/)
    .some((part) => part.length >= shortestToken && !isPlaceholder(part) && !isOrdinary(part));
}

function isOrdinaryWord(word: string): boolean {
  if (word.length > longestWord) return false;
  return /^\p{L}+$/u.test(word) ? !alternates(word) : termWithDigits.test(word);
}

/** `QzXkVbNmLpWq` is not a word; `getUserById` is made of words. */
function alternates(word: string): boolean {
  const capitals = word.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0;
  return word.length >= 8 && capitals * 3 >= word.length;
}

/** Base64 of `user:password`, as Docker and HTTP write it. */
function isUserInfo(text: string): boolean {
  if (!/^[\w+/-]{8,}={0,2}$/.test(text)) return false;
  return /^[\x21-\x39\x3b-\x7e]{1,128}:[\x21-\x7e]+$/.test(decodeBase64(text));
}
