import { ObservabilityError } from "@tasker-observability/core";
import type { SharedLoads } from "./cache/shared-loads.js";
import type { TemplateIdentity } from "./template-identity.js";
import type { TemplateSource } from "./template-source.js";

/** The namespaces that a worker serves: the configured ones, else those of all templates. */
export class SupportedNamespaces {
  /** Null if the worker was given none. */
  readonly configured: readonly string[] | null;
  readonly #source: TemplateSource;
  readonly #loads: SharedLoads<readonly string[]>;
  #lastSeen: readonly string[] = [];

  constructor(
    configured: readonly string[],
    source: TemplateSource,
    loads: SharedLoads<readonly string[]>,
  ) {
    this.configured = configured.length === 0 ? null : configured;
    this.#source = source;
    this.#loads = loads;
  }

  /** Never rejects: if the source cannot be read, returns its last answer. */
  async list(): Promise<readonly string[]> {
    if (this.configured !== null) return this.configured;
    try {
      this.#lastSeen = await this.#loads.run("", (signal) => this.#source.namespaces(signal));
    } catch {
      // The failure is already logged.
    }
    return this.#lastSeen;
  }

  /** False if the worker was given other namespaces; the source is not asked. */
  mayServe({ namespace }: TemplateIdentity): boolean {
    return this.configured?.includes(namespace) ?? true;
  }

  /** Why a template is missing from the source. */
  async whyMissing(identity: TemplateIdentity): Promise<ObservabilityError> {
    const supported = await this.list();
    if (!supported.includes(identity.namespace)) return notSupported(identity);
    return new ObservabilityError(
      "TEMPLATE_NOT_FOUND",
      "The namespace has no such template: templates_list shows those that are registered.",
    );
  }
}

function notSupported({ namespace }: TemplateIdentity): ObservabilityError {
  const named = namespace.length <= 64 ? ` ${JSON.stringify(namespace)}` : "";
  return new ObservabilityError(
    "NAMESPACE_NOT_SUPPORTED",
    `This worker does not serve the namespace${named}: templates_list shows those that it serves.`,
  );
}
