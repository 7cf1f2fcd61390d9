import { isTable, type Tree, valueAt } from "../tree.js";
import type { Finding } from "./finding.js";

const keysPath = ["worker", "web", "auth", "api_keys"] as const;

/**
 * The permissions that Tasker's worker requires to read its configuration and its templates. The right `read` grants
 * both.
 */
const readPermissions = ["worker:config_read", "worker:templates_read"] as const;
/** All permissions of a worker. */
const allOfWorker = "worker:*";

/**
 * Gives keys in Tasker's form, `{ key, permissions, description }`, their name and rights, if the permissions
 * correspond to rights here.
 */
export function translateApiKeys(tree: Tree): void {
  for (const entry of tablesOf(tree)) {
    if (entry.name === undefined && typeof entry.description === "string")
      entry.name = entry.description;
    const rights = rightsOf(entry.permissions);
    if (entry.rights === undefined && rights.length > 0) entry.rights = rights;
  }
}

/**
 * Permissions without a corresponding right are rejected by name: if ignored, they would silently grant too much or
 * too little.
 */
export function permissionRules(tree: Tree): readonly Finding[] {
  const keys = valueAt(tree, keysPath);
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((entry: unknown, index) =>
    isTable(entry) && entry.permissions !== undefined
      ? findingsOf(listOf(entry.permissions)).map(({ path, message }) => ({
          path: [...keysPath, index, "permissions", ...path],
          message,
        }))
      : [],
  );
}

function findingsOf(permissions: readonly string[]): readonly Finding[] {
  const unknown = permissions.flatMap((permission, index) =>
    permission === allOfWorker || isReading(permission)
      ? []
      : [
          {
            path: [index],
            message: `${JSON.stringify(permission)} is not a permission of a worker: remove it. ${readPermissions.join(" and ")} together are the right read, ${allOfWorker} is read and write`,
          },
        ],
  );
  if (unknown.length > 0 || rightsOf(permissions).length > 0) return unknown;
  const missing = readPermissions.filter((permission) => !permissions.includes(permission));
  return [
    {
      path: [],
      message:
        permissions.length === 0
          ? "names no permission, so the key grants nothing: remove the key"
          : `grants less than the right read does here: add ${missing.join(", ")}, or write rights = ["read"] instead`,
    },
  ];
}

/** The rights that correspond to permissions; empty if none do. */
export function rightsOf(given: unknown): readonly string[] {
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

function tablesOf(tree: Tree): readonly Tree[] {
  const keys = valueAt(tree, keysPath);
  return Array.isArray(keys) ? keys.filter(isTable) : [];
}
