import type { Redactor } from "@tasker-observability/redact";
import { handlerCandidates, toHandlerMetadata } from "../handler-metadata.js";
import type { JsonObject } from "../json.js";
import { type PublicView, toPublicView } from "../public-view.js";
import { isUsable, resolveDefinition, toTaskTemplate } from "../resolve/resolved-template.js";
import type { TaskTemplate } from "../schemas/task-template.js";
import type { HandlerMetadata } from "../schemas/template-detail.js";
import type { TemplateIdentity } from "../template-identity.js";
import type { TemplateDefinition } from "../template-source.js";

/** A template as the cache keeps it: with real secrets for the worker's handlers, and without for everybody else. */
export class LoadedTemplate {
  readonly identity: TemplateIdentity;
  readonly registeredAt: string;
  readonly template: TaskTemplate;
  readonly handlerCandidates: readonly string[];
  readonly #definition: Pick<TemplateDefinition, "definition" | "dropped">;
  readonly #resolved: JsonObject;
  #view: PublicView | null = null;
  #metadata: HandlerMetadata | null = null;

  constructor(definition: TemplateDefinition, resolved: JsonObject, template: TaskTemplate) {
    this.identity = definition.identity;
    this.registeredAt = definition.registeredAt;
    this.template = template;
    this.handlerCandidates = handlerCandidates(resolved);
    this.#definition = definition;
    this.#resolved = resolved;
  }

  /**
   * Made once, when it is first asked for: a worker that only runs steps never pays for it. Beside the definition, so
   * that a secret which an override or a merge replaced is known where a text repeats it.
   *
   * @throws ObservabilityError INTERNAL where redaction fails.
   */
  publicView(redactor: Redactor): PublicView {
    this.#view ??= this.#redact(redactor);
    return this.#view;
  }

  /** The same object as long as the same handler stands for the template. */
  handlerMetadata(redactor: Redactor, handlerClass: string | null): HandlerMetadata {
    if (this.#metadata?.handler_class !== handlerClass) {
      this.#metadata = toHandlerMetadata(this.identity, this.publicView(redactor), {
        handlerClass,
        registeredAt: this.registeredAt,
      });
    }
    return this.#metadata;
  }

  #redact(redactor: Redactor): PublicView {
    const { definition, dropped } = this.#definition;
    const redacted = redactor.redact({
      definition,
      dropped: dropped ?? [],
      resolved: this.#resolved,
    }).value as { readonly resolved: unknown };
    return toPublicView(redacted.resolved);
  }
}

/** Null for a template whose problems forbid its use. */
export function loadTemplate(
  definition: TemplateDefinition,
  environment: string,
): LoadedTemplate | null {
  const resolution = resolveDefinition(definition, environment);
  return isUsable(resolution)
    ? new LoadedTemplate(definition, resolution.resolved, toTaskTemplate(resolution))
    : null;
}
