import type { Redactor } from "@tasker-observability/redact";
import { handlerCandidates, toHandlerMetadata } from "../handler-metadata.js";
import type { JsonObject } from "../json.js";
import { type PublicView, toPublicView } from "../public-view.js";
import { completeTemplate, type WorkerDefaults } from "../resolve/complete-template.js";
import { isUsable, resolveDefinition, toTaskTemplate } from "../resolve/resolved-template.js";
import type { ResolvedTemplate } from "../schemas/complete-template.js";
import type { HandlerMetadata, ResolvedTaskTemplate } from "../schemas/template-detail.js";
import type { TemplateIdentity } from "../template-identity.js";
import type { TemplateDefinition } from "../template-source.js";

/** The worker for which templates are loaded. */
export interface TemplateWorker {
  /** Whose overrides apply. */
  readonly environment: string;
  /** Defaults for steps that set no value. */
  readonly defaults: WorkerDefaults;
}

/**
 * A template as the cache keeps it: with real secrets for the worker's handlers, and without them for everybody else.
 */
export class LoadedTemplate {
  readonly identity: TemplateIdentity;
  readonly registeredAt: string;
  readonly template: ResolvedTemplate;
  readonly handlerCandidates: readonly string[];
  readonly #definition: Pick<TemplateDefinition, "definition" | "dropped">;
  readonly #resolvedFor: Pick<ResolvedTaskTemplate, "environment" | "resolved_at">;
  #view: PublicView | null = null;
  #answer: ResolvedTaskTemplate | null = null;
  #metadata: HandlerMetadata | null = null;

  constructor(
    definition: TemplateDefinition,
    template: ResolvedTemplate,
    resolvedFor: Pick<ResolvedTaskTemplate, "environment" | "resolved_at">,
  ) {
    this.identity = definition.identity;
    this.registeredAt = definition.registeredAt;
    this.template = template;
    this.handlerCandidates = handlerCandidates(toJson(template));
    this.#definition = definition;
    this.#resolvedFor = resolvedFor;
  }

  /** The template as answers show it: the same object each time. @throws as `publicView`. */
  answer(redactor: Redactor): ResolvedTaskTemplate {
    this.#answer ??= Object.freeze({
      template: this.publicView(redactor).template,
      ...this.#resolvedFor,
    });
    return this.#answer;
  }

  /**
   * Made once, on first use: a worker that only runs steps never pays for it. Redacted together with the definition, so
   * that a text cannot repeat a secret that an override or a merge replaced.
   *
   * @throws ObservabilityError INTERNAL if redaction fails.
   */
  publicView(redactor: Redactor): PublicView {
    this.#view ??= this.#redact(redactor);
    return this.#view;
  }

  /** The same object as long as the template has the same handler. */
  handlerMetadata(redactor: Redactor, handlerClass: string): HandlerMetadata {
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
      resolved: this.template,
    }).value as { readonly resolved: unknown };
    return toPublicView(redacted.resolved);
  }
}

/** Null for a template that its problems make unusable. */
export function loadTemplate(
  definition: TemplateDefinition,
  { environment, defaults }: TemplateWorker,
  resolvedAt: string,
): LoadedTemplate | null {
  const resolution = resolveDefinition(definition, environment);
  if (!isUsable(resolution)) return null;
  const template = completeTemplate(toTaskTemplate(resolution), defaults);
  return new LoadedTemplate(definition, template, { environment, resolved_at: resolvedAt });
}

function toJson(template: ResolvedTemplate): JsonObject {
  return template as unknown as JsonObject;
}
