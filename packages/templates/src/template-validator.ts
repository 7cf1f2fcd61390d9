import { formatPath, type Redactor } from "@tasker-observability/redact";
import { toPublicView } from "./public-view.js";
import type { SharedLoads } from "./cache/shared-loads.js";
import {
  handlerCandidates,
  handlerClassOf,
  stepCallables,
  toHandlerMetadata,
} from "./handler-metadata.js";
import type { Handlers } from "./handlers.js";
import type { JsonObject } from "./json.js";
import type { Problem } from "./problem.js";
import { requiredCapabilities } from "./required-capabilities.js";
import type { HandlerMetadata } from "./schemas/template-detail.js";
import type { Finding, TemplateValidation } from "./schemas/template-validation.js";
import type { SupportedNamespaces } from "./supported-namespaces.js";
import { type TemplateIdentity, toTemplateKey } from "./template-identity.js";
import type { TemplateDefinition, TemplateSource } from "./template-source.js";
import { validateDefinition } from "./validation/validate-template.js";

export interface TemplateValidatorOptions {
  readonly source: TemplateSource;
  readonly redactor: Redactor;
  /** Whose overrides apply. */
  readonly environment: string;
  readonly handlers: Handlers | undefined;
  readonly namespaces: SupportedNamespaces;
  readonly loads: SharedLoads<TemplateDefinition | null>;
}

/** Validates templates as the source has them, without the cache: what is registered, not what was loaded. */
export class TemplateValidator {
  readonly #options: TemplateValidatorOptions;

  constructor(options: TemplateValidatorOptions) {
    this.#options = options;
  }

  async validate(identity: TemplateIdentity): Promise<TemplateValidation> {
    const { source, namespaces, loads } = this.#options;
    const definition = await loads.run(toTemplateKey(identity), (signal) =>
      source.findLatest === undefined
        ? source.find(identity, signal)
        : source.findLatest(identity, signal),
    );
    if (definition !== null) return this.#validateDefinition(definition);
    throw await namespaces.whyMissing(identity);
  }

  #validateDefinition(definition: TemplateDefinition): TemplateValidation {
    const { environment, handlers, namespaces, redactor } = this.#options;
    const { resolved, problems, valid } = validateDefinition(definition, {
      environment,
      handlers: handlers ?? null,
      supportedNamespaces: namespaces.configured,
    });
    const callables = stepCallables(resolved);
    const findings = problems.map(toFinding);
    const errors = findings
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
    const validation: TemplateValidation = {
      valid,
      ...definition.identity,
      handler_count: callables.length,
      issues: errors,
      errors,
      findings,
      handler_metadata: this.#metadataOf(definition, resolved),
      required_capabilities: [...requiredCapabilities(resolved)],
      step_handlers: [...callables],
    };
    // Redacted together with its template as written, including dropped values, and as resolved, so that no message
    // quotes a secret of either.
    const redacted = redactor.redact({
      definition: definition.definition,
      dropped: definition.dropped ?? [],
      template: resolved,
      validation,
    }).value as { readonly validation: TemplateValidation };
    return withIdentity(redacted.validation, definition.identity);
  }

  #metadataOf(
    { identity, registeredAt }: TemplateDefinition,
    resolved: JsonObject,
  ): HandlerMetadata | null {
    const handlerClass = handlerClassOf(handlerCandidates(resolved), this.#options.handlers);
    return handlerClass === ""
      ? null
      : toHandlerMetadata(identity, toPublicView(resolved), { handlerClass, registeredAt });
  }
}

/** A name is an address in every answer. A masked one would lead nowhere. */
function withIdentity(
  validation: TemplateValidation,
  identity: TemplateIdentity,
): TemplateValidation {
  const { handler_metadata: metadata } = validation;
  return {
    ...validation,
    ...identity,
    handler_metadata: metadata === null ? null : { ...metadata, ...identity },
  };
}

function toFinding({ severity, code, path, message, hint }: Problem): Finding {
  return {
    severity,
    code,
    path: formatPath(path),
    message: hint === null ? message : `${message} ${hint}`,
  };
}
