import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Caller } from "@tasker-observability/core";
import { textOption } from "@tasker-observability/core/options";
import * as z from "zod";

const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const headerValue = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

const apiKeySchema = z.strictObject({
  /** Whose key it is: the log says this name. */
  name: textOption(),
  /** The secret: printable ASCII, since it travels in a header. */
  key: textOption("printable ASCII without spaces at its ends, to travel in a header", (key) =>
    headerValue.test(key),
  ),
  /** What it opens. */
  rights: z
    .array(z.enum(["read", "write"]))
    .min(1)
    .readonly(),
});
/** One key and what it opens. */
export type ApiKey = z.input<typeof apiKeySchema>;

export const apiKeyAuthSchema = z.strictObject({
  /** The request header that carries the key; without it, `Authorization: Bearer <key>` does. @default "X-API-Key" */
  header: z._default(
    textOption("the name of a header", (name) => headerName.test(name)),
    "X-API-Key",
  ),
  /** At least one, each another secret. */
  keys: z
    .array(apiKeySchema)
    .refine((keys) => keys.length > 0, {
      error: "auth.keys is empty: leave auth out, or add a key.",
    })
    .refine((keys) => new Set(keys.map(({ key }) => key)).size === keys.length, {
      error: "auth.keys has the same key twice.",
    })
    .readonly(),
  /** Whether `/health`, `/health/live`, `/health/ready` and `/metrics` ask for a key too. @default false */
  protectProbes: z.boolean().optional(),
});
/** Who may call over HTTP. Giving it switches authentication on. */
export type ApiKeyAuth = z.input<typeof apiKeyAuthSchema>;

/** Identifies callers. */
export interface Authenticator {
  /** The header that carries the key. */
  readonly header: string;
  /** The value of `WWW-Authenticate`: how a rejected caller can send a key. */
  readonly challenge: string;
  readonly callerOf: (request: IncomingMessage) => Caller;
}

/** A caller without a key. */
export const anonymous: Caller = Object.freeze({ transport: "http", rights: null });
/** A caller with a wrong key. */
export const wrongKey: Caller = Object.freeze({ transport: "http", rights: null });

/**
 * Recognizes callers by API key, in a time that does not depend on the key that was sent.
 */
export function createApiKeyAuthenticator(auth: z.output<typeof apiKeyAuthSchema>): Authenticator {
  const { header } = auth;
  const field = header.toLowerCase();
  const known = auth.keys.map(({ name, key, rights }) => ({
    digest: digestOf(key),
    caller: Object.freeze({
      transport: "http",
      name,
      rights: Object.freeze([...rights]),
    }) satisfies Caller,
  }));
  return Object.freeze({
    header,
    challenge: `ApiKey header="${header}", Bearer`,
    callerOf(request: IncomingMessage): Caller {
      const given = keyIn(request.headers, field);
      if (given === null) return anonymous;
      const digest = digestOf(given);
      let caller = wrongKey;
      for (const candidate of known)
        if (timingSafeEqual(candidate.digest, digest)) caller = candidate.caller;
      return caller;
    },
  });
}

/** The key of a request; null if there is none. @param field - the header's name in lower case. */
function keyIn(headers: IncomingMessage["headers"], field: string): string | null {
  const given = field === "authorization" ? undefined : headers[field];
  if (typeof given === "string") return given;
  const { authorization } = headers;
  if (authorization === undefined) return null;
  const bearer = /^bearer +/i.exec(authorization)?.[0];
  if (bearer !== undefined) return authorization.slice(bearer.length);
  // Without a scheme it is a key only if keys are expected in this header.
  return field === "authorization" ? authorization : null;
}

function digestOf(key: string): Buffer {
  return createHash("sha256").update(key, "latin1").digest();
}
