import {
  type AccessPolicy,
  withPlaceholders,
  createAccessPolicy,
  type OperationGroup,
  operationGroups,
} from "@tasker-observability/core";
import { policyOption, valueOption } from "@tasker-observability/core/options";
import * as z from "zod";
import { apiKeyAuthSchema } from "./api-keys.js";

const groupNames = Object.keys(operationGroups) as [OperationGroup, ...OperationGroup[]];

const writesOption = valueOption<boolean | readonly OperationGroup[]>(
  "true, false or an array of groups",
  (value) =>
    typeof value === "boolean" ||
    (Array.isArray(value) && value.every((name) => groupNames.includes(name as OperationGroup))),
  "boolean or string[]",
);

export const httpAccessSchema = z.strictObject({
  /** The groups to offer; paths of other groups do not exist. `custom` has your own operations, `dashboard` has `/`, `openapi` has `/openapi.json`. Set this if you mount at `/`. @default all */
  groups: z.array(z.enum(groupNames)).readonly().meta({ type: "string[]" }).optional(),
  /** Whether to offer writes, or the groups whose writes to offer: `templates` empties the cache, `work` pauses the worker and changes dead letters, `custom` are your own. @default false */
  writes: z.optional(writesOption),
  /** The keys that callers need, in the header `X-API-Key` or as `Authorization: Bearer <key>`. Probes and `/metrics` stay open unless `protectProbes` is true. @default none: everybody who reaches the port may read */
  auth: apiKeyAuthSchema
    .meta({ type: "`{ header?, keys: { name, key, rights }[], protectProbes? }`" })
    .optional(),
  /** A policy that all transports of a worker share, instead of `groups` and `writes`. @default made of the options above */
  policy: z.optional(policyOption),
});
/** What a router or a listener offers, and to whom; all have a default. */
export type HttpAccess = z.input<typeof httpAccessSchema>;
type ResolvedHttpAccess = z.output<typeof httpAccessSchema>;

/** The given policy, or one made of the simple options. */
export function resolvePolicy({ policy, groups, writes, auth }: ResolvedHttpAccess): AccessPolicy {
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

/** Adds the rules between access options, which are checked even if other options are wrong. */
export function withAccessRules<Schema extends z.ZodObject>(schema: Schema): Schema {
  return accessRules.reduce<Schema>(
    (ruled, rule) =>
      ruled.refine((options) => rule.isKept(options as ResolvedHttpAccess), {
        error: rule.error,
        when: ({ value }) => typeof value === "object" && value !== null,
      }),
    schema,
  );
}

interface AccessRule {
  readonly error: string;
  isKept(options: ResolvedHttpAccess): boolean;
}

// Only an attacker would notice a key that no request needs, or a request for a key that nobody has.
const accessRules: readonly AccessRule[] = [
  {
    error: "policy replaces groups, writes and protectProbes: pass one or the other.",
    isKept: ({ policy, groups, writes, auth }) =>
      policy === undefined ||
      (groups === undefined && writes === undefined && auth?.protectProbes === undefined),
  },
  {
    error: "policy requires a key from HTTP callers: pass auth with the keys.",
    isKept: ({ policy, auth }) => auth !== undefined || !asksForKeys(policy),
  },
  {
    error: "auth has keys, but policy never requires one: create it with httpAuth.",
    isKept: ({ policy, auth }) =>
      auth === undefined || !z.safeParse(policyOption, policy).success || asksForKeys(policy),
  },
];

function asksForKeys(policy: AccessPolicy | undefined): boolean {
  if (policy === undefined || !z.safeParse(policyOption, policy).success) return false;
  const anonymous = { transport: "http", rights: null } as const;
  return Object.values(withPlaceholders({})).some(
    (operation) => policy.refusal(operation, anonymous) === "UNAUTHORIZED",
  );
}
