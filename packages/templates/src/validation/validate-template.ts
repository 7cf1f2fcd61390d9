import type { Handlers } from "../handlers.js";
import { hasErrors, type Problem } from "../problem.js";
import { resolveDefinition, type ResolvedTemplate } from "../resolve/resolved-template.js";
import type { TemplateDefinition } from "../template-source.js";
import { rules } from "./rules.js";
import { readSteps } from "./subject.js";

/** What a template is validated for. */
export interface ValidationOptions {
  /** Whose overrides apply; null for the template without any. */
  readonly environment: string | null;
  /** Null: no handler is missed. */
  readonly handlers: Handlers | null;
  /** Null: every namespace is served. */
  readonly supportedNamespaces: readonly string[] | null;
}

/** A template and all that is wrong with it. */
export interface Validated extends ResolvedTemplate {
  readonly valid: boolean;
}

/** Finds everything that is wrong with a template, in the order of the rules. Never throws. */
export function validateDefinition(template: TemplateDefinition, options: ValidationOptions): Validated {
  const { resolved, problems } = resolveDefinition(template, options.environment);
  const subject = {
    identity: template.identity,
    definition: template.definition,
    template: resolved,
    steps: readSteps(resolved),
    handlers: options.handlers,
    supportedNamespaces: options.supportedNamespaces,
  };
  const found = rules.flatMap((rule) => rule(subject));
  const all = [...withoutRepeats(problems, found), ...found];
  return { resolved, problems: all, valid: !hasErrors(all) };
}

/** A missing name is both a wrong shape and a finding of its own; the latter says more. */
function withoutRepeats(problems: readonly Problem[], found: readonly Problem[]): readonly Problem[] {
  const places = new Set(found.map(({ path }) => JSON.stringify(path)));
  return problems.filter(({ code, path }) => code !== "invalid_shape" || !places.has(JSON.stringify(path)));
}
