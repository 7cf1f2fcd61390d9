import type { PublicView } from "./public-view.js";
import type { Handlers } from "./handlers.js";
import { isJsonArray, isJsonObject, type JsonObject, ownValue } from "./json.js";
import type { HandlerMetadata } from "./schemas/template-detail.js";
import type { TemplateIdentity } from "./template-identity.js";

/** The callables that the steps of a template name, each once, in the order of the steps. */
export function stepCallables(template: JsonObject): readonly string[] {
  const steps = ownValue(template, "steps");
  const named = isJsonArray(steps)
    ? steps.map((step) => (isJsonObject(step) ? callableOf(step, "handler") : null))
    : [];
  return [...new Set(named.filter((callable) => callable !== null))];
}

/** The callables that may represent the template: that of the task, then those of its steps. */
export function handlerCandidates(template: JsonObject): readonly string[] {
  const task = callableOf(template, "task_handler");
  return task === null ? stepCallables(template) : [task, ...stepCallables(template)];
}

/** The first of them that this worker has; empty if it has none. */
export function handlerClassOf(
  candidates: readonly string[],
  handlers: Handlers | undefined,
): string {
  return candidates.find((callable) => handlers?.has(callable)) ?? "";
}

/** Collects what a worker knows about a template. */
export function toHandlerMetadata(
  identity: TemplateIdentity,
  view: Pick<PublicView, "configSchema" | "defaultDependentSystem">,
  known: { readonly handlerClass: string; readonly registeredAt: string },
): HandlerMetadata {
  return Object.freeze({
    namespace: identity.namespace,
    name: identity.name,
    version: identity.version,
    handler_class: known.handlerClass,
    config_schema: view.configSchema,
    default_dependent_system: view.defaultDependentSystem,
    registered_at: known.registeredAt,
  });
}

function callableOf(owner: JsonObject, key: string): string | null {
  const handler = ownValue(owner, key);
  const callable = isJsonObject(handler) ? ownValue(handler, "callable") : undefined;
  return typeof callable === "string" ? callable : null;
}
