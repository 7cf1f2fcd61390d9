import { didYouMean } from "@tasker-observability/core";
import { formatPath, type PathSegment } from "@tasker-observability/redact";
import { isKnownKey, siblingsOf } from "../load/unused-keys.js";
import { isLegacyKey, isPossiblyLegacyKey } from "../load/legacy-keys.js";
import { isTable, type Tree } from "../tree.js";
import {
  looksLikeAccess,
  looksLikeApiKeys,
  looksLikeAuthSetting,
  looksLikeListener,
} from "./access-words.js";
import type { Finding } from "./finding.js";

/**
 * Rejects a key that has no effect but looks like access control: with a misspelled auth section, HTTP is open.
 *
 * @param merged - the content of the files, including sections of other programs.
 * @param isAuthOff - whether they switch auth off: then other keys in its table mislead nobody.
 */
export function accessRule(merged: Tree, isAuthOff: boolean): readonly Finding[] {
  const findings: Finding[] = [];
  const visit = (value: unknown, path: readonly PathSegment[]): void => {
    if (isKnownKey(path)) eachMember(value, path, visit);
    else findings.push(...findingsOf(value, path, isAuthOff));
  };
  eachMember(merged, [], visit);
  return findings;
}

function findingsOf(value: unknown, path: readonly PathSegment[], isAuthOff: boolean): Finding[] {
  const name = formatPath(path);
  if (name === "worker.web_api") return [toRenamed(path)];
  if (isLegacyKey(name) || isPossiblyLegacyKey(name) || isSwitchedOff(value)) return [];
  if (isIn(path, ["worker", "web", "auth"])) return isAuthOff ? [] : [toFinding(path)];
  if (isIn(path, ["worker", "web", "endpoints"]) || isSwitchOfListener(path))
    return [toSwitchFinding(path)];
  if (isIn(path, ["common", "database"])) return [];
  const key = String(path.at(-1));
  const inWeb = path.slice(0, -1).some((segment) => isListenerName(String(segment)));
  if (looksLikeAccess(key, { inWeb, isTable: isTableOfWorker(value, path) }))
    return [toFinding(path)];
  const inside: Finding[] = [];
  eachMember(value, path, (member, at) => {
    if (isListenerName(key) || isSection(path)) inside.push(...findingsOf(member, at, isAuthOff));
    // A table of another program or of the application, next to the worker's.
    else if (path.length > 1) inside.push(...findingsInApplication(member, at));
  });
  return inside;
}

/**
 * An application's table may contain the API key of a shop, for example. But keys in the form of `worker.web.auth` are
 * rejected there too, because the table may be a misspelled `worker.web`.
 */
function findingsInApplication(value: unknown, path: readonly PathSegment[]): Finding[] {
  if (isLegacyKey(formatPath(path)) || isSwitchedOff(value)) return [];
  const key = String(path.at(-1));
  const isOurs =
    isListOfKeys(key, value) ||
    looksLikeAuthSetting(key) ||
    (isSwitch(value) && looksLikeAccess(key, { inWeb: false, isTable: true }));
  if (isOurs) return [toFinding(path)];
  const inside: Finding[] = [];
  eachMember(value, path, (member, at) => inside.push(...findingsInApplication(member, at)));
  return inside;
}

/** Of the tables next to the worker's, only those with the same content. */
function isTableOfWorker(value: unknown, path: readonly PathSegment[]): boolean {
  if (path.length > 1) return isTable(value) || (Array.isArray(value) && value.some(isTable));
  return (
    isSwitch(value) ||
    (isTable(value) && Object.entries(value).some(([key, member]) => isListOfKeys(key, member)))
  );
}

/** A list of tables with a `key` each, as `worker.web.auth.api_keys` is. */
function isListOfKeys(key: string, value: unknown): boolean {
  return (
    looksLikeApiKeys(key) &&
    Array.isArray(value) &&
    value.some((item) => isTable(item) && item.key !== undefined)
  );
}

function isSwitch(value: unknown): boolean {
  return isTable(value) && Object.keys(value).some((key) => /^enabled?$/i.test(key));
}

/** A table with `enabled = false` was not meant to control access. */
function isSwitchedOff(value: unknown): boolean {
  return isTable(value) && value.enabled === false;
}

/** `[worker.web] enable = false` leaves the listener on. */
function isSwitchOfListener(path: readonly PathSegment[]): boolean {
  if (!isIn(path, ["worker", "web"]) || path.length !== 3) return false;
  return didYouMean(String(path[2]), ["enabled", "endpoints"]) !== undefined;
}

function isListenerName(key: string): boolean {
  return looksLikeListener(key) || didYouMean(key, ["web"]) !== undefined;
}

/** A misspelled `[worker]`. */
function isSection(path: readonly PathSegment[]): boolean {
  return path.length === 1 && didYouMean(String(path[0]), ["worker", "common"]) !== undefined;
}

function isIn(path: readonly PathSegment[], table: readonly string[]): boolean {
  return path.length > table.length && table.every((segment, index) => path[index] === segment);
}

function eachMember(
  value: unknown,
  path: readonly PathSegment[],
  visit: (member: unknown, path: readonly PathSegment[]) => void,
): void {
  if (isTable(value))
    for (const [key, member] of Object.entries(value)) visit(member, [...path, key]);
  else if (Array.isArray(value))
    for (const [index, member] of value.entries())
      if (isTable(member)) eachMember(member, [...path, index], visit);
}

function toFinding(path: readonly PathSegment[]): Finding {
  return {
    path,
    message: withHint(
      path,
      "is not a key of the worker and protects nothing: access to HTTP is set in worker.web.auth (enabled, api_keys, protect_probes). Correct or remove it",
    ),
  };
}

/** The name that the listener's table had in the plan for Tasker's worker. */
function toRenamed(path: readonly PathSegment[]): Finding {
  return {
    path,
    message:
      'is not a table of the worker: the listener is [worker.web], with bind_address = "host:port", and its groups are [worker.web.endpoints]. Rename it',
  };
}

function toSwitchFinding(path: readonly PathSegment[]): Finding {
  return {
    path,
    message: withHint(
      path,
      "is not a key of the worker and switches nothing off. Correct or remove it",
    ),
  };
}

function withHint(path: readonly PathSegment[], message: string): string {
  const hint = didYouMean(String(path.at(-1)), siblingsOf(path));
  return hint === undefined ? message : `${message}. ${hint}`;
}
