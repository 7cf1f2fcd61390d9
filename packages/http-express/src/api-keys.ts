import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Caller, Right } from "@tasker-observability/core";

/** One key and what it opens. */
export interface ApiKey {
  /** Says whose key it is; never sent anywhere. */
  readonly name: string;
  /** The secret: printable ASCII, since it travels in a header. */
  readonly key: string;
  readonly rights: readonly Right[];
}

/** Who may call over HTTP. Giving it switches authentication on. */
export interface ApiKeyAuth {
  /** The request header that carries the key; in `Authorization` it follows `Bearer `. @default "X-API-Key" */
  readonly header?: string | undefined;
  /** At least one. */
  readonly keys: readonly ApiKey[];
  /** Whether `/health`, `/health/live`, `/health/ready` and `/metrics` ask for a key too. @default false */
  readonly protectProbes?: boolean | undefined;
}

/** Tells who is calling. */
export interface Authenticator {
  /** The header that a refused caller is to use. */
  readonly header: string;
  callerOf(request: IncomingMessage): Caller;
}

const defaultHeader = "X-API-Key";
/** A caller that shows no key, or a wrong one. */
export const anonymous: Caller = Object.freeze({ transport: "http", rights: null });

/**
 * Recognizes callers by API key, in a time that does not depend on how much of a key was right, or which one.
 * It takes what {@link authProblems} finds nothing wrong with.
 */
export function createApiKeyAuthenticator(auth: ApiKeyAuth): Authenticator {
  const header = auth.header ?? defaultHeader;
  const field = header.toLowerCase();
  const known = auth.keys.map(({ key, rights }) => ({
    digest: digestOf(key),
    caller: Object.freeze({
      transport: "http",
      rights: Object.freeze([...rights]),
    }) satisfies Caller,
  }));
  return Object.freeze({
    header,
    callerOf(request: IncomingMessage): Caller {
      const given = request.headers[field];
      if (typeof given !== "string") return anonymous;
      const digest = digestOf(field === "authorization" ? given.replace(/^bearer +/i, "") : given);
      let caller = anonymous;
      for (const candidate of known)
        if (timingSafeEqual(candidate.digest, digest)) caller = candidate.caller;
      return caller;
    },
  });
}

function digestOf(key: string): Buffer {
  return createHash("sha256").update(key, "latin1").digest();
}

/** Says what in the configuration would leave a door open, or let nobody in; names no key. */
export function authProblems({ header = defaultHeader, keys }: ApiKeyAuth): string[] {
  const problems = keys.flatMap((key, index) =>
    keyProblems(key).map((problem) => `auth.keys[${index}] ${problem}`),
  );
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) problems.push("auth.header is no header name.");
  if (keys.length === 0) problems.push("auth.keys is empty: leave auth out, or give a key.");
  if (new Set(keys.map(({ key }) => key)).size < keys.length)
    problems.push("auth.keys has the same key twice.");
  return problems;
}

function keyProblems({ name, key, rights }: ApiKey): string[] {
  const problems: string[] = [];
  if (name === "") problems.push("has no name.");
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(key))
    problems.push("has a key that is empty or cannot travel in a header.");
  if (rights.length === 0) problems.push("has no rights.");
  if (rights.some((right) => !["read", "write"].includes(right)))
    problems.push("has a right other than read and write.");
  return problems;
}
