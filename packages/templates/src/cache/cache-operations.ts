import { ObservabilityError, type WorkerContext } from "@tasker-observability/core";
import type { CacheOperationResult, CacheStats } from "../schemas/cache-stats.js";
import type { SupportedNamespaces } from "../supported-namespaces.js";
import type { TemplateIdentity } from "../template-identity.js";
import type { LoadedTemplate } from "./loaded-template.js";
import { withVerdict } from "./refresh-verdict.js";
import type { TemplateCache } from "./template-cache.js";
import type { TemplateStore } from "./template-store.js";

export interface CacheOperationsOptions {
  readonly context: WorkerContext;
  readonly cache: TemplateCache<LoadedTemplate>;
  readonly store: TemplateStore;
  readonly namespaces: SupportedNamespaces;
}

/** Operations on the cache. */
export class CacheOperations {
  readonly #options: CacheOperationsOptions;
  #lastMaintenance: string | null = null;

  constructor(options: CacheOperationsOptions) {
    this.#options = options;
  }

  async stats(): Promise<CacheStats> {
    const { cache, namespaces } = this.#options;
    const supported = await namespaces.list();
    const { entries, hits, misses, evictions } = cache.counts();
    return Object.freeze({
      total_entries: entries,
      hits,
      misses,
      evictions,
      total_cached: entries,
      cache_hits: hits,
      cache_misses: misses,
      cache_evictions: evictions,
      last_maintenance: this.#lastMaintenance,
      oldest_entry_age_seconds: Math.floor((cache.oldestAgeMs() ?? 0) / 1_000),
      average_access_count: cache.averageAccessCount(),
      supported_namespaces: [...supported],
    });
  }

  clear(): Promise<CacheOperationResult> {
    const cleared = this.#options.store.clear();
    return this.#result("clear", true, `${cleared} cached templates removed.`);
  }

  maintain(): Promise<CacheOperationResult> {
    const expired = this.#options.cache.sweep();
    this.#lastMaintenance = this.#options.context.timestamp();
    return this.#result("maintain", true, `${expired} expired templates removed.`);
  }

  /** Resolves even on failure; the verdict on the result says why. */
  async refresh(identity: TemplateIdentity): Promise<CacheOperationResult> {
    const { store, namespaces } = this.#options;
    if (!namespaces.mayServe(identity)) return this.#missing(identity);
    try {
      if ((await store.refresh(identity)) === null) return await this.#missing(identity);
    } catch (error) {
      return withVerdict(
        await this.#result(
          "refresh",
          false,
          `${ObservabilityError.from(error).message} Cached templates stay in use.`,
        ),
        "upstream_failed",
      );
    }
    return this.#result("refresh", true, "The template was read again.");
  }

  async #missing(identity: TemplateIdentity): Promise<CacheOperationResult> {
    const { message } = await this.#options.namespaces.whyMissing(identity);
    return withVerdict(await this.#result("refresh", false, message), "not_found");
  }

  async #result(
    operation: CacheOperationResult["operation"],
    success: boolean,
    message: string,
  ): Promise<CacheOperationResult> {
    const { context } = this.#options;
    return {
      operation,
      success,
      message,
      timestamp: context.timestamp(),
      cache_stats: await this.stats(),
    };
  }
}
