import type { Handlers } from "../handlers.js";
import { hasErrors, type Problem, withoutPlacesOf } from "../problem.js";
import {
  isUnread,
  resolveDefinition,
  type ResolvedTemplate,
} from "../resolve/resolved-template.js";
import type { TemplateDefinition } from "../template-source.js";
import { rules } from "./rules.js";
import { findRefusals } from "./refused-by-tasker.js";
import { readSteps } from "./subject.js";

/** The context of a validation. */
export interface ValidationOptions {
  /** Whose overrides apply; null for the template without any. */
  readonly environment: string | null;
  /** Null: no handler is missed. */
  readonly handlers: Handlers | null;
  /** Null: every namespace is served. */
  readonly supportedNamespaces: readonly string[] | null;
}

/** A template and all its problems. */
export interface Validated extends ResolvedTemplate {
  readonly valid: boolean;
}

/** Finds all problems of a template, in the order of the rules. Never throws. */
export function validateDefinition(
  template: TemplateDefinition,
  options: ValidationOptions,
): Validated {
  const { resolved, problems } = resolveDefinition(template, options.environment);
  if (isUnread(template)) return { resolved, problems, valid: false };
  const subject = {
    identity: template.identity,
    definition: template.definition,
    template: resolved,
    steps: readSteps(resolved),
    handlers: options.handlers,
    supportedNamespaces: options.supportedNamespaces,
  };
  const ofReading = problems.filter(
    (problem) => problem.code !== "invalid_shape" && !isRefusal(problem),
  );
  const found = withoutPlacesOf(
    ofReading,
    rules.flatMap((rule) => rule(subject)),
  );
  // A missing name is both a wrong shape and a finding of a rule.
  const ofShape = withoutPlacesOf(
    [...ofReading, ...found],
    problems.filter(({ code }) => code === "invalid_shape"),
  );
  const ours = [...ofReading, ...ofShape, ...found];
  const errors = ours.filter(({ severity }) => severity === "error");
  const reported = [...ours, ...withoutPlacesOf(errors, problems.filter(isRefusal))];
  const all = [...reported, ...withoutPlacesOf(reported, findRefusals(subject))];
  return { resolved, problems: all, valid: !hasErrors(all) };
}

function isRefusal({ code }: Problem): boolean {
  return code === "refused_by_tasker";
}
