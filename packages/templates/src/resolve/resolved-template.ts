import type { JsonObject } from "../json.js";
import type { Problem } from "../problem.js";
import type { TaskTemplate } from "../schemas/task-template.js";
import type { TemplateDefinition } from "../template-source.js";
import { validateShape } from "../validation/validate-shape.js";
import { applyEnvironment } from "./apply-environment.js";

/** A template as it applies in this worker's environment. */
export interface ResolvedTemplate {
  /** Overrides applied; frozen; real secrets. */
  readonly resolved: JsonObject;
  /** The problems found on reading and resolving it. With an error among them, `resolved` is not a TaskTemplate. */
  readonly problems: readonly Problem[];
}

/** Applies the overrides of an environment, if any, and checks that the result is a template. */
export function resolveDefinition(
  { definition, problems }: TemplateDefinition,
  environment: string | null,
): ResolvedTemplate {
  const resolved = environment === null ? definition : applyEnvironment(definition, environment);
  return {
    resolved,
    problems: isUnread({ definition, problems })
      ? problems
      : [...problems, ...validateShape(resolved)],
  };
}

/** Whether nothing of a template could be read. Then missing parts are not its own mistakes. */
export function isUnread({
  definition,
  problems,
}: Pick<TemplateDefinition, "definition" | "problems">): boolean {
  return (
    Object.keys(definition).length === 0 &&
    problems.some(({ severity, path }) => severity === "error" && path.length === 0)
  );
}

/** Whether it can be used. */
export function isUsable({ problems }: ResolvedTemplate): boolean {
  return problems.every(({ severity }) => severity !== "error");
}

/** The template of a usable one: its shape has been checked, and parsing it again would copy it. */
export function toTaskTemplate({ resolved }: ResolvedTemplate): TaskTemplate {
  return resolved as unknown as TaskTemplate;
}
