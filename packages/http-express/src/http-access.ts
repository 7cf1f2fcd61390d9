import {
  type AccessPolicy,
  completeOperations,
  createAccessPolicy,
  type OperationGroup,
  operationGroups,
} from "@tasker-observability/core";
import { givenOptions, nameProblems, shapeProblems } from "@tasker-observability/core/options";
import { type ApiKeyAuth, authProblems } from "./api-keys.js";

/** What a router or a listener offers, and to whom; all have a default. */
export interface HttpAccess {
  /** The groups there are; the others' paths do not exist. `custom` is that of your own operations. @default all */
  readonly groups?: readonly OperationGroup[] | undefined;
  /** Whether writes are offered: three to the template cache, and your own. @default false */
  readonly writes?: boolean | undefined;
  /** The keys that callers need. @default none: everybody who reaches the port may read */
  readonly auth?: ApiKeyAuth | undefined;
  /** A policy made elsewhere, shared by all transports of a worker; instead of `groups` and `writes`. */
  readonly policy?: AccessPolicy | undefined;
}

export const accessNames: Readonly<Record<keyof HttpAccess, true>> = {
  groups: true,
  writes: true,
  auth: true,
  policy: true,
};
const authNames: Readonly<Record<keyof ApiKeyAuth, true>> = {
  header: true,
  keys: true,
  protectProbes: true,
};

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
export function accessProblems(options: HttpAccess): readonly string[] {
  const misshaped = shapesOf(options);
  return misshaped.length > 0 ? misshaped : meaningProblems({ ...options });
}

/** What is switched off by a misspelt word, or on by a text that means no, only an attacker would notice. */
function shapesOf(options: unknown): readonly string[] {
  const { groups, writes, auth, policy } = givenOptions(options);
  const areGroups =
    groups === undefined ||
    (Array.isArray(groups) &&
      groups.every((group) => Object.hasOwn(operationGroups, String(group))));
  return [
    ...(areGroups
      ? []
      : [`groups must be a list of ${Object.keys(operationGroups).join(", ")}, or some of them.`]),
    ...flagProblems("writes", writes),
    ...shapeProblems(
      policy,
      ["offers", "refusal"],
      "policy must be what createAccessPolicy() made.",
    ),
    ...(auth === undefined ? [] : authShapes(auth)),
  ];
}

function authShapes(auth: unknown): readonly string[] {
  const { header, keys, protectProbes } = givenOptions(auth);
  return [
    ...nameProblems("auth", auth, Object.keys(authNames)),
    ...(header === undefined || typeof header === "string"
      ? []
      : ["auth.header must be the name of a header."]),
    ...(Array.isArray(keys) && keys.every(isApiKey)
      ? []
      : ["auth.keys must be a list of { name, key, rights }."]),
    ...flagProblems("auth.protectProbes", protectProbes),
  ];
}

function isApiKey(value: unknown): boolean {
  const { name, key, rights } = givenOptions(value);
  return typeof name === "string" && typeof key === "string" && Array.isArray(rights);
}

function flagProblems(name: string, value: unknown): readonly string[] {
  return value === undefined || typeof value === "boolean"
    ? []
    : [`${name} must be true or false.`];
}

function meaningProblems({ policy, groups, writes, auth }: HttpAccess): readonly string[] {
  const problems = auth === undefined ? [] : authProblems(auth);
  if (policy === undefined) return problems;
  if (groups !== undefined || writes !== undefined || auth?.protectProbes !== undefined) {
    problems.push(
      "policy stands beside groups, writes or protectProbes, which it decides: give either.",
    );
  }
  return [...problems, ...mismatchProblems(policy, auth !== undefined)];
}

/** Keys that nobody asks for, or a question that no key answers, are faults that only an attacker would notice. */
function mismatchProblems(policy: AccessPolicy, hasKeys: boolean): string[] {
  const anonymous = { transport: "http", rights: null } as const;
  const asks = Object.values(completeOperations({})).some(
    (operation) => policy.refusal(operation, anonymous) === "UNAUTHORIZED",
  );
  if (asks && !hasKeys) return ["policy asks HTTP callers for a key: give auth with the keys."];
  if (!asks && hasKeys)
    return ["auth has keys, but policy never asks for one: create it with httpAuth."];
  return [];
}
