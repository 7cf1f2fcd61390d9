import { formatPath, type PathSegment } from "@tasker-observability/redact";
import type { Finding } from "./finding.js";
import { permissionRules, rightsOf } from "./tasker-api-keys.js";
import { isTable, type Tree, valueAt } from "../tree.js";

const authPath = ["worker", "web", "auth"] as const;

/** Configured but inactive authentication is worse than none, so a partial configuration is rejected. */
export function authRules(tree: Tree, isGiven: (path: string) => boolean): readonly Finding[] {
  const auth = valueAt(tree, authPath);
  if (!isTable(auth)) return [];
  const enabled = auth.enabled === true;
  if (enabled)
    return [
      ...withoutKeys(auth),
      ...notSupported(auth),
      ...repeatedKeys(auth),
      ...guessableKeys(auth),
      ...permissionRules(tree),
      ...ambiguousRights(auth),
      ...switchedOffKeys(auth),
    ];
  return isGiven("worker.web.auth.enabled") ? [] : forgottenSwitch(auth);
}

function withoutKeys(auth: Tree): Finding[] {
  if (keysOf(auth).length > 0 || isFilled(auth.api_key)) return [];
  return [
    {
      path: [...authPath, "api_keys"],
      message:
        "must name at least one key while auth is enabled: add { name, key, rights }, or set worker.web.auth.enabled = false",
    },
  ];
}

function forgottenSwitch(auth: Tree): Finding[] {
  if (keysOf(auth).length === 0 && !isFilled(auth.api_key)) return [];
  return [
    {
      path: [...authPath, "enabled"],
      message: "must be set if keys are configured: true applies them, false leaves HTTP open",
    },
  ];
}

/** Tasker's JWT and per-route settings are not implemented here: auth that relies on them would protect nothing. */
function notSupported(auth: Tree): Finding[] {
  return Object.keys(auth)
    .filter(
      (key) => (/^jwt_|^jwks_url$/.test(key) || key === "protected_routes") && isFilled(auth[key]),
    )
    .map((key) => ({
      path: [...authPath, key],
      message:
        "is not supported and would not be applied: remove it and use api_keys, or set worker.web.auth.enabled = false",
    }));
}

function repeatedKeys(auth: Tree): Finding[] {
  const firstPaths = new Map<unknown, string>();
  return secretsOf(auth).flatMap(({ key, path }) => {
    const first = firstPaths.get(key);
    if (first === undefined) firstPaths.set(key, formatPath(path.slice(authPath.length)));
    if (first === undefined || !isFilled(key)) return [];
    return [
      {
        path,
        message: `is the same key as ${first}: use a different key for each, or their rights are ambiguous`,
      },
    ];
  });
}

/** Tasker's permissions and our rights mean the same. With both, one is not applied. */
function ambiguousRights(auth: Tree): Finding[] {
  return keysOf(auth).flatMap((entry, index) => {
    if (!isTable(entry) || entry.permissions === undefined || entry.rights === undefined) return [];
    const translated = rightsOf(entry.permissions);
    if (JSON.stringify(translated) === JSON.stringify(entry.rights)) return [];
    return [
      {
        path: [...authPath, "api_keys", index, "rights"],
        message: "contradicts permissions: keep one of them",
      },
    ];
  });
}

/** Tasker's separate switch for keys, besides the one for all of auth. */
function switchedOffKeys(auth: Tree): Finding[] {
  if (auth.api_keys_enabled !== false) return [];
  return [
    {
      path: [...authPath, "api_keys_enabled"],
      message:
        "would lock out every caller, because API keys are the only way in: remove it, or set worker.web.auth.enabled = false",
    },
  ];
}

/** Valid keys that are short enough to be guessed. The schema rejects the others. */
const guessable = /^[\x21-\x7e]{1,15}$/;

function guessableKeys(auth: Tree): Finding[] {
  return secretsOf(auth)
    .filter(({ key }) => typeof key === "string" && guessable.test(key))
    .map(({ path }) => ({
      path,
      message:
        "must have at least 16 characters, or it can be guessed: make one with `openssl rand -hex 16`",
    }));
}

/** Every accepted key with its place: the listed ones, and the one of the older setting. */
function secretsOf(auth: Tree): { readonly key: unknown; readonly path: readonly PathSegment[] }[] {
  const listed = keysOf(auth).map((entry, index) => ({
    key: isTable(entry) ? entry.key : undefined,
    path: [...authPath, "api_keys", index, "key"],
  }));
  return [...listed, { key: auth.api_key, path: [...authPath, "api_key"] }];
}

function keysOf(auth: Tree): readonly unknown[] {
  return Array.isArray(auth.api_keys) ? auth.api_keys : [];
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "";
}
