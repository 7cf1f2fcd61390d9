import { type Clock, type Logger, ObservabilityError } from "@tasker-observability/core";
import { formatIdentity, type TemplateIdentity, toTemplateKey } from "../template-identity.js";
import type { TemplateDefinition, TemplateSource } from "../template-source.js";
import { type LoadedTemplate, loadTemplate, type TemplateWorker } from "./loaded-template.js";
import { SharedLoads } from "./shared-loads.js";
import type { TemplateCache } from "./template-cache.js";

export interface TemplateStoreOptions extends TemplateWorker {
  readonly source: TemplateSource;
  readonly cache: TemplateCache<LoadedTemplate>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a caller waits for the source. */
  readonly timeoutMs: number;
}

/** Loads templates through the cache: each once for any number of callers. */
export class TemplateStore {
  readonly #options: TemplateStoreOptions;
  readonly #loads: SharedLoads<LoadedTemplate | null>;
  readonly #refreshes: SharedLoads<LoadedTemplate | null>;
  /** Numbers loads as they begin: an older one never replaces the result of a newer one. */
  #begun = 0;
  readonly #storedBy = new WeakMap<LoadedTemplate, number>();
  #clearedAt = 0;
  #droppedAt = 0;

  constructor(options: TemplateStoreOptions) {
    this.#options = options;
    this.#loads = new SharedLoads(options);
    this.#refreshes = new SharedLoads(options);
  }

  /**
   * Asks the source, and caches the answer.
   *
   * @returns null if there is no such template.
   * @throws ObservabilityError TEMPLATE_NOT_FOUND for an unusable template, TEMPLATE_SOURCE_UNAVAILABLE.
   */
  load(identity: TemplateIdentity): Promise<LoadedTemplate | null> {
    const { source } = this.#options;
    return this.#share(
      this.#loads,
      identity,
      (signal) => source.find(identity, signal),
      (began) => began > Math.max(this.#clearedAt, this.#droppedAt),
    );
  }

  /** Like `load`, but from the origin: the cached entry stays until the new one is there, or if that fails. */
  refresh(identity: TemplateIdentity): Promise<LoadedTemplate | null> {
    const { source } = this.#options;
    return this.#share(
      this.#refreshes,
      identity,
      (signal) => source.refetch(identity, signal),
      (began) => began > this.#clearedAt,
    );
  }

  /** @returns how many entries were dropped. */
  clear(): number {
    this.#clearedAt = this.#begun;
    this.#loads.forget();
    this.#refreshes.forget();
    return this.#options.cache.clear();
  }

  /** Drops entries; loads that began before do not bring them back. */
  drop(identities: readonly TemplateIdentity[]): void {
    this.#droppedAt = this.#begun;
    this.#loads.forget();
    for (const key of identities.map(toTemplateKey)) {
      // A running refresh may have found the change: it swaps in its result.
      if (!this.#refreshes.isRunning(key)) this.#options.cache.delete(key);
    }
  }

  #share(
    loads: SharedLoads<LoadedTemplate | null>,
    identity: TemplateIdentity,
    find: (signal: AbortSignal) => Promise<TemplateDefinition | null>,
    isCurrent: (began: number) => boolean,
  ): Promise<LoadedTemplate | null> {
    const key = toTemplateKey(identity);
    return loads.run(key, async (signal) => {
      this.#begun += 1;
      const began = this.#begun;
      const found = await find(signal);
      const { clock } = this.#options;
      const resolvedAt = new Date(clock.wallMs()).toISOString();
      const loaded = found === null ? null : loadTemplate(found, this.#options, resolvedAt);
      if (found !== null && loaded === null) throw unusable(identity);
      if (isCurrent(began)) this.#keep(key, loaded, began);
      return loaded;
    });
  }

  #keep(key: string, loaded: LoadedTemplate | null, began: number): void {
    const { cache } = this.#options;
    const present = cache.peek(key);
    if (present !== undefined && (this.#storedBy.get(present) ?? 0) > began) return;
    if (loaded === null) {
      cache.delete(key);
      return;
    }
    this.#storedBy.set(loaded, began);
    cache.set(key, loaded);
  }
}

function unusable(identity: TemplateIdentity): ObservabilityError {
  return new ObservabilityError(
    "TEMPLATE_NOT_FOUND",
    `The template ${formatIdentity(identity)} is registered, but has errors: template_validate lists them.`,
  );
}
