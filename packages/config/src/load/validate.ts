import { formatPath, type PathSegment } from "@tasker-observability/redact";
import { accessRule } from "../rules/access-rule.js";
import { authRules } from "../rules/auth-rules.js";
import type { Finding } from "../rules/finding.js";
import { bridgeRule } from "../rules/bridge-rule.js";
import { configEndpointRule } from "../rules/config-endpoint-rule.js";
import { errorRateRule } from "../rules/error-rate-rule.js";
import { type Settings, settingsSchema } from "../schema/settings-schema.js";
import { deepFreeze, type Tree, valueAt } from "../tree.js";

export type { Finding } from "../rules/finding.js";

const authSwitch = ["worker", "web", "auth", "enabled"] as const;

/** The settings, or null if something is wrong. */
export interface Validation {
  readonly settings: Settings | null;
  readonly findings: readonly Finding[];
}

export interface ValidateOptions {
  /** The files' content as written, for keys that the schema does not have. */
  readonly merged: Tree;
  readonly isGiven: (path: string) => boolean;
}

/** Checks every key against the schema, and the keys against each other. Returns all problems at once. */
export function validateTree(tree: Tree, { merged, isGiven }: ValidateOptions): Validation {
  const parsed = settingsSchema.safeParse(tree);
  const fromSchema =
    parsed.error?.issues.map((issue) => ({
      path: issue.path.filter(isSegment),
      message: issue.message,
    })) ?? [];
  const findings = [
    ...withoutRepetition(fromSchema),
    ...authRules(tree, isGiven),
    ...errorRateRule(tree),
    ...bridgeRule(tree),
    ...configEndpointRule(tree, isGiven),
    ...accessRule(merged, isSwitchedOff(tree, isGiven)),
  ];
  return {
    settings: parsed.success && findings.length === 0 ? deepFreeze<Settings>(parsed.data) : null,
    findings,
  };
}

/** Auth is also off by default, which does not mean that it was switched off. */
function isSwitchedOff(tree: Tree, isGiven: (path: string) => boolean): boolean {
  return isGiven(authSwitch.join(".")) && valueAt(tree, authSwitch) === false;
}

/** A number that breaks several bounds is reported once. */
function withoutRepetition(findings: readonly Finding[]): readonly Finding[] {
  const byText = new Map(
    findings.map((finding) => [`${formatPath(finding.path)}: ${finding.message}`, finding]),
  );
  return [...byText.values()];
}

function isSegment(segment: PropertyKey): segment is PathSegment {
  return typeof segment !== "symbol";
}
