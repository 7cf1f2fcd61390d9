import { randomUUID } from "node:crypto";
import {
  type AccessPolicy,
  type Clock,
  createAccessPolicy,
  type OperationGroup,
  type Operations,
  systemClock,
} from "@tasker-observability/core";
import { type ApiKeyAuth, type Authenticator, authProblems, createApiKeyAuthenticator, noAuthentication } from "./api-keys.js";
import { createMissingOperation } from "./missing-operation.js";
import { refuseProblems, timerProblems } from "./option-problems.js";
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

/** @throws ObservabilityError INVALID_PARAMS with all that is wrong with the options. */
export function resolveHttpOptions(operations: Operations, options: HttpOptions): ResolvedHttpOptions {
  const { requestTimeoutMs = 30_000 } = options;
  refuseProblems([...accessProblems(options), ...timerProblems({ requestTimeoutMs })]);
  return Object.freeze({
    policy: resolvePolicy(options),
    authenticator: options.auth === undefined ? noAuthentication : createApiKeyAuthenticator(options.auth),
    requestTimeoutMs,
    clock: options.clock ?? Object.values(operations)[0]?.context.clock ?? systemClock,
    makeRequestId: options.makeRequestId ?? randomUUID,
  });
}

/** The given policy, or one made of the simple options. */
export function resolvePolicy({ policy, groups, writes, auth }: HttpAccess): AccessPolicy {
  return (
    policy ??
    createAccessPolicy({
      httpGroups: groups,
      httpWrites: writes,
      httpAuth: auth !== undefined,
      protectProbes: auth?.protectProbes,
    })
  );
}

/** Says what is wrong with the access options, each for itself and beside each other. */
export function accessProblems({ policy, groups, writes, auth }: HttpAccess): string[] {
  const problems = auth === undefined ? [] : authProblems(auth);
  if (policy === undefined) return problems;
  if (groups !== undefined || writes !== undefined || auth?.protectProbes !== undefined) {
    problems.push("policy stands beside groups, writes or protectProbes, which it decides: give either.");
  }
  return [...problems, ...mismatchProblems(policy, auth !== undefined)];
}

/** Keys that nobody asks for, or a question that no key answers, are faults that only an attacker would notice. */
function mismatchProblems(policy: AccessPolicy, hasKeys: boolean): string[] {
  const stranger = { transport: "http", rights: null } as const;
  const asks = routes.some((route) => policy.refusal(createMissingOperation(route), stranger) === "UNAUTHORIZED");
  if (asks && !hasKeys) return ["policy asks HTTP callers for a key: give auth with the keys."];
  if (!asks && hasKeys) return ["auth has keys, but policy never asks for one: create it with httpAuth."];
  return [];
}
