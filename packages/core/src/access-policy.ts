import { type OperationGroup, operationGroups } from "./catalogue.js";
import type { ErrorCode } from "./error-codes.js";
import type { Operation } from "./operation.js";

/** The way by which a call arrives. */
export type Transport = "in_process" | "socket" | "http";
/** What a credential allows: `read` operations, or those that `write`. */
export type Right = "read" | "write";

/** Who calls, and over which transport. */
export interface Caller {
  /** The transport over which the call came. */
  readonly transport: Transport;
  /** The rights of the caller's credential; null without a valid one. */
  readonly rights: readonly Right[] | null;
}

/** Decides by operation, never by path, so that every transport applies it. */
export interface AccessPolicy {
  /** Whether the transport has the operation at all. */
  offers(operation: Operation, transport: Transport): boolean;
  /** Why this caller may not call it; null where it may. */
  refusal(operation: Operation, caller: Caller): ErrorCode | null;
}

/** Options of {@link createAccessPolicy}. In process everything is allowed: the application calls itself. */
export interface AccessPolicyOptions {
  /** Groups that HTTP offers. @default all */
  readonly httpGroups?: readonly OperationGroup[] | undefined;
  /** Whether HTTP offers writes. @default false */
  readonly httpWrites?: boolean | undefined;
  /** Whether HTTP requires a credential. @default false */
  readonly httpAuth?: boolean | undefined;
  /** Whether probes require one too. @default false */
  readonly protectProbes?: boolean | undefined;
  /** Whether the socket offers writes. @default false */
  readonly socketWrites?: boolean | undefined;
}

/** The policy of a worker, for all its transports. */
export function createAccessPolicy(options: AccessPolicyOptions = {}): AccessPolicy {
  const httpGroups = new Set<string>(options.httpGroups ?? Object.keys(operationGroups));
  const writable = {
    in_process: true,
    http: options.httpWrites ?? false,
    socket: options.socketWrites ?? false,
  };
  const asksHttpFor = (operation: Operation): boolean =>
    (options.httpAuth ?? false) &&
    (operation.exposure === "detail" || (options.protectProbes ?? false));
  return Object.freeze({
    offers: (operation: Operation, transport: Transport) =>
      transport !== "http" || httpGroups.has(operation.group),
    refusal(operation: Operation, caller: Caller): ErrorCode | null {
      if (caller.transport === "http" && asksHttpFor(operation)) {
        if (caller.rights === null) return "UNAUTHORIZED";
        if (!caller.rights.includes(operation.access)) return "FORBIDDEN";
      }
      if (operation.access === "write" && !writable[caller.transport])
        return operationGroups[operation.group].writesDisabled.code;
      return null;
    },
  });
}
