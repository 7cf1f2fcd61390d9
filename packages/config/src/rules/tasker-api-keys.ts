import { formatPath, type PathSegment } from "@tasker-observability/redact";
import { isTable, type Tree, valueAt } from "../tree.js";
import type { Finding } from "./auth-rules.js";

const keysPath = ["worker", "web", "auth", "api_keys"] as const;

/** What Tasker's worker asks for: to read its configuration, and its templates. The right `read` opens both. */
const readPermissions = ["worker:config_read", "worker:templates_read"] as const;
/** Everything of a worker. */
const allOfWorker = "worker:*";

/** What else Tasker's permissions name: its other services. A worker has nothing that they open. */
const ofOtherServices: ReadonlySet<string> = new Set(
  Object.entries({
    tasks: ["create", "read", "list", "cancel", "context_read"],
    steps: ["read", "resolve"],
    dlq: ["read", "update", "stats"],
    templates: ["read", "validate"],
    system: ["config_read", "handlers_read", "analytics_read"],
  }).flatMap(([resource, actions]) => [...actions, "*"].map((action) => `${resource}:${action}`)),
);

/** Gives keys in Tasker's form, `{ key, permissions, description }`, their name and rights, where the permissions are rights here. */
export function translateApiKeys(tree: Tree): void {
  for (const { entry } of keysOf(tree)) {
    if (entry.name === undefined && typeof entry.description === "string")
      entry.name = entry.description;
    const rights = rightsOf(entry.permissions);
    if (entry.rights === undefined && rights.length > 0) entry.rights = rights;
  }
}

/** Permissions that Tasker does not have, and those that are less than a right here, are refused by name. */
export function permissionRules(tree: Tree): readonly Finding[] {
  return keysOf(tree).flatMap(({ entry, path }) =>
    findingsOf(listOf(entry.permissions)).map((finding) => ({
      path: [...path, "permissions", ...finding.path],
      message: finding.message,
    })),
  );
}

/** Says of each key what it does not open here, by name, while keys are asked for. */
export function permissionNotices(tree: Tree): readonly string[] {
  return keysOf(tree).flatMap(({ entry, path }) => {
    if (entry.permissions === undefined) return [];
    const permissions = listOf(entry.permissions);
    const others = permissions.filter((permission) => ofOtherServices.has(permission));
    const isUseless = rightsOf(permissions).length === 0;
    if (others.length === 0 && !isUseless) return [];
    const what = others.length === 0 ? "is empty" : `has ${others.join(", ")}, without effect here`;
    const end = isUseless ? ": the key is refused, as an unknown one is" : "";
    return [`${formatPath([...path, "permissions"])} ${what}${end}`];
  });
}

function findingsOf(permissions: readonly string[]): readonly Finding[] {
  const unknown = permissions.flatMap((permission, index) =>
    permission === allOfWorker || isReading(permission) || ofOtherServices.has(permission)
      ? []
      : [
          {
            path: [index],
            message: `${JSON.stringify(permission)} is not a permission of Tasker's: remove it. ${readPermissions.join(" and ")} together are the right read, ${allOfWorker} is read and write`,
          },
        ],
  );
  const missing = readPermissions.filter((permission) => !permissions.includes(permission));
  if (unknown.length > 0 || rightsOf(permissions).length > 0 || missing.length !== 1)
    return unknown;
  return [
    {
      path: [],
      message: `grants less than the right read does here: add ${missing.join("")}, or write rights = ["read"] instead`,
    },
  ];
}

/** The rights that permissions are here; none where they are no rights. */
export function rightsOf(given: unknown): ("read" | "write")[] {
  const permissions = listOf(given);
  if (permissions.includes(allOfWorker)) return ["read", "write"];
  return readPermissions.every((permission) => permissions.includes(permission)) ? ["read"] : [];
}

function isReading(permission: string): boolean {
  return readPermissions.some((each) => each === permission);
}

function listOf(permissions: unknown): readonly string[] {
  return Array.isArray(permissions)
    ? permissions.filter((permission) => typeof permission === "string")
    : [];
}

function keysOf(tree: Tree): { readonly entry: Tree; readonly path: readonly PathSegment[] }[] {
  const keys = valueAt(tree, keysPath);
  return Array.isArray(keys)
    ? keys.flatMap((entry: unknown, index) =>
        isTable(entry) ? [{ entry, path: [...keysPath, index] }] : [],
      )
    : [];
}
