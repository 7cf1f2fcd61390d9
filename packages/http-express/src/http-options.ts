import { randomUUID } from "node:crypto";
import {
  type AccessPolicy,
  type Clock,
  createAccessPolicy,
  type OperationGroup,
  type Operations,
  systemClock,
} from "@tasker-observability/core";
import { type ApiKeyAuth, type Authenticator, createApiKeyAuthenticator, noAuthentication } from "./api-keys.js";
import { createMissingOperation } from "./missing-operation.js";
import { routes } from "./routes.js";

/** What a router or a listener offers, and to whom; all have a default. */
export interface HttpAccess {
  /** The groups there are; the others' paths do not exist. @default all */
  readonly groups?: readonly OperationGroup[] | undefined;
  /** Whether the three writes to the template cache are offered. @default false */
  readonly writes?: boolean | undefined;
  /** The keys that callers need. @default none: everybody who reaches the port may read */
  readonly auth?: ApiKeyAuth | undefined;
  /** A policy made elsewhere, shared by all transports of a worker; instead of `groups` and `writes`. */
  readonly policy?: AccessPolicy | undefined;
}

/** Options of {@link createObservabilityRouter}. */
export interface HttpOptions extends HttpAccess {
  /** Milliseconds until a request is answered 504 and its operation's signal is aborted. @default 30000 */
  readonly requestTimeoutMs?: number | undefined;
  /** The clock of error timestamps. @default that of the first operation's worker */
  readonly clock?: Clock | undefined;
  /** Makes the ids of requests that bring none. @default random UUIDs */
  readonly makeRequestId?: (() => string) | undefined;
}

export interface ResolvedHttpOptions {
  readonly policy: AccessPolicy;
  readonly authenticator: Authenticator;
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
  readonly makeRequestId: () => string;
}

/** @throws Error when the options contradict each other, with what to do. */
export function resolveHttpOptions(operations: Operations, options: HttpOptions): ResolvedHttpOptions {
  const requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
  if (!(requestTimeoutMs > 0 && requestTimeoutMs < 2 ** 31)) {
    throw new Error("requestTimeoutMs must be a number of milliseconds from 1 to 2147483647.");
  }
  return Object.freeze({
    policy: resolvePolicy(options),
    authenticator: options.auth === undefined ? noAuthentication : createApiKeyAuthenticator(options.auth),
    requestTimeoutMs,
    clock: options.clock ?? Object.values(operations)[0]?.context.clock ?? systemClock,
    makeRequestId: options.makeRequestId ?? randomUUID,
  });
}

/** @throws Error when a given policy and the rest of the options contradict each other. */
export function resolvePolicy(access: HttpAccess): AccessPolicy {
  if (access.policy === undefined) {
    return createAccessPolicy({
      httpGroups: access.groups,
      httpWrites: access.writes,
      httpAuth: access.auth !== undefined,
      protectProbes: access.auth?.protectProbes,
    });
  }
  if (access.groups !== undefined || access.writes !== undefined || access.auth?.protectProbes !== undefined) {
    throw new Error("Give either policy or groups, writes and protectProbes: a policy decides those already.");
  }
  refuseMismatch(access.policy, access.auth !== undefined);
  return access.policy;
}

/** Keys that nobody asks for, or a question that no key answers, are faults that only an attacker would notice. */
function refuseMismatch(policy: AccessPolicy, hasKeys: boolean): void {
  const stranger = { transport: "http", rights: null } as const;
  const asks = routes.some((route) => policy.refusal(createMissingOperation(route), stranger) === "UNAUTHORIZED");
  if (asks && !hasKeys) throw new Error("The policy asks HTTP callers for a key: give auth with the keys.");
  if (!asks && hasKeys) throw new Error("auth has keys, but the policy never asks for one: create it with httpAuth.");
}
