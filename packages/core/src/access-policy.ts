import type { ErrorCode } from "./error-codes.js";
import type { Operation } from "./operation.js";
import { type OperationGroup, operationGroups } from "./operation-groups.js";
import { assertValid } from "./options/option-messages.js";
import { toObject, validate, validateNames } from "./options/validate-by-hand.js";

/** How a call arrives. */
export type Transport = "in_process" | "socket" | "http";
/** What a credential allows: operations that `read`, or those that `write`. */
export type Right = "read" | "write";

/** Who calls, and over which transport. */
export interface Caller {
  /** The transport over which the call came. */
  readonly transport: Transport;
  /** The rights of the caller's credential; null without a valid one. */
  readonly rights: readonly Right[] | null;
  /** The name of the credential, for logs. @default none */
  readonly name?: string | undefined;
}

/** What enables writes: one text for all groups, or a text for each. */
export type WritesHint = string | ((group: OperationGroup) => string);

/** Decides who may call what: by operation, never by path, so that every transport can apply it. */
export interface AccessPolicy {
  /** Whether the transport has the operation at all. */
  offers(operation: Operation, transport: Transport): boolean;
  /** Why this caller may not call it; null if it may. */
  refusal(operation: Operation, caller: Caller): ErrorCode | null;
  /** What enables the writes of a group, for the message that refuses one. @default none */
  readonly writesHint?: WritesHint | undefined;
}

/** Options of {@link createAccessPolicy}. In process everything is allowed: the application calls itself. */
export interface AccessPolicyOptions {
  /** Groups that HTTP offers. @default all */
  readonly httpGroups?: readonly OperationGroup[] | undefined;
  /** Whether HTTP offers writes, or the groups whose writes it offers. @default false */
  readonly httpWrites?: boolean | readonly OperationGroup[] | undefined;
  /** Whether HTTP requires a credential. @default false */
  readonly httpAuth?: boolean | undefined;
  /** Whether probes require one too. @default false */
  readonly protectProbes?: boolean | undefined;
  /** Whether the socket offers writes. @default false */
  readonly socketWrites?: boolean | undefined;
  /** What enables writes, such as "set writes_enabled", for all groups or by group: it ends the message that refuses one. @default none */
  readonly writesHint?: WritesHint | undefined;
}

/**
 * The policy of a worker, for all its transports.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function createAccessPolicy(options: AccessPolicyOptions = {}): AccessPolicy {
  assertPolicyOptions(options);
  const httpGroups = new Set<string>(options.httpGroups ?? Object.keys(operationGroups));
  const { httpWrites = false, socketWrites = false } = options;
  const isWritable = (operation: Operation, transport: Transport): boolean => {
    if (transport === "in_process") return true;
    if (transport === "socket") return socketWrites;
    return typeof httpWrites === "boolean" ? httpWrites : httpWrites.includes(operation.group);
  };
  const requiresCredential = (operation: Operation): boolean =>
    (options.httpAuth ?? false) &&
    // JavaScript may pass any other value: everything except a probe is protected.
    (operation.exposure !== "probe" || (options.protectProbes ?? false));
  return Object.freeze({
    writesHint: options.writesHint,
    offers: (operation: Operation, transport: Transport) =>
      transport !== "http" || httpGroups.has(operation.group),
    refusal(operation: Operation, caller: Caller): ErrorCode | null {
      if (caller.transport === "http" && requiresCredential(operation)) {
        if (caller.rights === null) return "UNAUTHORIZED";
        if (!caller.rights.includes(operation.access)) return "FORBIDDEN";
      }
      if (isWrite(operation) && !isWritable(operation, caller.transport))
        return operationGroups[operation.group].writesDisabled.code;
      return null;
    },
  });
}

/**
 * Whether an operation counts as a write. JavaScript may give it any access, and everything except a read is a write.
 */
export function isWrite({ access }: Pick<Operation, "access">): boolean {
  return access !== "read";
}

const flags: Readonly<
  Record<Exclude<keyof AccessPolicyOptions, "httpGroups" | "httpWrites" | "writesHint">, true>
> = {
  httpAuth: true,
  protectProbes: true,
  socketWrites: true,
};

/** Checks by hand, where other factories have a schema: the probe command loads this file and must not load zod. */
function assertPolicyOptions(options: unknown): void {
  const given = toObject(options);
  const { httpWrites } = given;
  assertValid([
    ...validateNames("createAccessPolicy", options, [
      "httpGroups",
      "httpWrites",
      ...Object.keys(flags),
      "writesHint",
    ]),
    ...validate(["httpGroups"], given.httpGroups, Array.isArray, "an array"),
    ...validateGroups("httpGroups", given.httpGroups),
    ...(typeof httpWrites === "boolean"
      ? []
      : validate(["httpWrites"], httpWrites, Array.isArray, "true, false or an array")),
    ...validateGroups("httpWrites", httpWrites),
    ...Object.keys(flags).flatMap((name) =>
      validate([name], given[name], (value) => typeof value === "boolean", "true or false"),
    ),
    ...(typeof given.writesHint === "function"
      ? []
      : validate(
          ["writesHint"],
          given.writesHint,
          (value) => typeof value === "string",
          "a string",
        )),
  ]);
}

function validateGroups(name: string, groups: unknown): readonly string[] {
  return (Array.isArray(groups) ? groups : []).flatMap((group: unknown, index) =>
    validate([name, index], group ?? null, isGroup, groupNames),
  );
}

const groupNames = Object.keys(operationGroups)
  .map((name) => JSON.stringify(name))
  .join(" or ");

function isGroup(value: unknown): boolean {
  return typeof value === "string" && Object.hasOwn(operationGroups, value);
}
