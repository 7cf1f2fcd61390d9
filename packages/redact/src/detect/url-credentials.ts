import type { Finding } from "./finding.js";
import { credentialFinding } from "./credential-finding.js";

/** Schemes whose URLs usually contain credentials: a late `@` in one is more likely part of a password than of a path. */
const credentialSchemes = new Set(
  (
    "postgres postgresql pgsql mysql mariadb mongodb redis rediss valkey memcached amqp amqps kafka nats mqtt mqtts stomp smtp smtps " +
    "imap imaps pop3 ldap ldaps ftp ftps sftp ssh clickhouse cassandra couchbase mssql sqlserver oracle db2 neo4j bolt cockroachdb"
  ).split(" "),
);

const run = /\S+/g;
const farthestEnd = 256;

/** The user-info of URLs, anywhere in the text, however their passwords are written. */
export function findUrlCredentials(text: string): Finding[] {
  if (!text.includes("://")) return [];
  const findings: Finding[] = [];
  for (const match of text.matchAll(run)) {
    if (match[0].includes("://")) findInRun(text, match.index, match[0], findings);
  }
  return findings;
}

/**
 * A run of characters without white space can contain several URLs. Every part of it is read a fixed number of times.
 */
function findInRun(text: string, offset: number, characters: string, findings: Finding[]): void {
  let mark = characters.indexOf("://");
  while (mark !== -1) {
    const start = mark + 3;
    const segment = characters.slice(start, endOfSegment(characters, start));
    const scheme = schemeBefore(characters, mark);
    const closing = closingAfter(characters, mark - scheme.length);
    let length = lengthOfUserInfo(segment, scheme, closing);
    if (length === beyond) {
      const further = lengthBeyond(text, offset + start + segment.length, (rest) =>
        lengthOfUserInfo(rest, scheme, closing),
      );
      length = further === null ? 0 : segment.length + further;
    }
    if (length > 0)
      findings.push(...credentialFinding(text, offset + start, offset + start + length));
    mark = characters.indexOf("://", start + length);
  }
}

/** The user-info continues after the segment: its password contains white space or another `://`. */
const beyond = -1;

/**
 * A password may contain `@`, `/`, `#` and `?` unescaped. If it is unclear which `@` ends it, the last one counts:
 * masking too much is better than too little.
 */
function lengthOfUserInfo(segment: string, scheme: string, closing: RegExp | null): number {
  const authority = segment.slice(0, lengthBefore(segment, /[/?#\\]/));
  if (authority === "") return 0;
  const url = segment.slice(0, lengthOfUrl(segment, closing));
  if (authority.includes("@") || credentialSchemes.has(scheme)) {
    const beforeQuery = url.slice(0, lengthBefore(url, /\?[\w.~-]{1,64}=/)).lastIndexOf("@");
    if (beforeQuery > 0) return beforeQuery;
  }
  if (!hasOddPort(authority)) return 0;
  const at = url.lastIndexOf("@");
  return at === -1 ? beyond : at;
}

/** The end of a URL in quotes or angle brackets. If a letter follows, the character belongs to the password. */
const closings: Readonly<Record<string, RegExp>> = {
  '"': /"(?![A-Za-z0-9])/,
  "'": /'(?![A-Za-z0-9])/,
  "`": /`(?![A-Za-z0-9])/,
  "<": />(?![A-Za-z0-9])/,
};
const farthestOpening = 64;

/**
 * The closing counterpart of a quote or bracket before the URL; null if there is none, and then quotes belong to the
 * password.
 */
function closingAfter(characters: string, start: number): RegExp | null {
  const opening = /(["'`<])[^"'`<>]*$/.exec(
    characters.slice(Math.max(0, start - farthestOpening), start),
  );
  return closings[opening?.[1] ?? ""] ?? null;
}

function lengthOfUrl(segment: string, closing: RegExp | null): number {
  const at = segment.indexOf("@");
  return at === -1 || closing === null
    ? segment.length
    : at + lengthBefore(segment.slice(at), closing);
}

/** `u:p` before the first slash is not a host and port. */
function hasOddPort(authority: string): boolean {
  const colon = authority.lastIndexOf(":");
  return colon !== -1 && !authority.includes("]") && !/^:\d{1,5}$/.test(authority.slice(colon));
}

/** How far after the segment the password ends, which may contain a further `@`; null if there is none. */
function lengthBeyond(
  text: string,
  end: number,
  lengthOfMore: (rest: string) => number,
): number | null {
  const line = text.slice(end, end + farthestEnd).split("\n", 1)[0] ?? "";
  const at = line.indexOf("@");
  if (at === -1) return null;
  const [rest = ""] = line.slice(at + 1).split(/\s/, 1);
  const more = lengthOfMore(rest.slice(0, endOfSegment(rest, 0)));
  return more > 0 ? at + 1 + more : at;
}

function endOfSegment(characters: string, start: number): number {
  const mark = characters.indexOf("://", start);
  if (mark === -1) return characters.length;
  return Math.max(start, mark - schemeBefore(characters, mark).length);
}

function schemeBefore(characters: string, mark: number): string {
  const scheme = /[A-Za-z][A-Za-z0-9.-]{0,30}$/.exec(
    characters.slice(Math.max(0, mark - 31), mark),
  );
  return scheme?.[0].toLowerCase() ?? "";
}

function lengthBefore(text: string, pattern: RegExp): number {
  const length = text.search(pattern);
  return length === -1 ? text.length : length;
}
