import {
  createWorkerContext,
  ObservabilityError,
  readParams,
  type TemplateCacheSource,
  type WorkerContext,
} from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import { createRedactor } from "@tasker-observability/redact";
import { CacheOperations } from "./cache/cache-operations.js";
import type { LoadedTemplate } from "./cache/loaded-template.js";
import { SharedLoads } from "./cache/shared-loads.js";
import { type CacheEntry, TemplateCache } from "./cache/template-cache.js";
import { TemplateStore } from "./cache/template-store.js";
import { handlerClassOf } from "./handler-metadata.js";
import type { Handlers } from "./handlers.js";
import type { CacheOperationResult, CacheStats } from "./schemas/cache-stats.js";
import type { ResolvedTemplate } from "./schemas/complete-template.js";
import type { TemplateDetail } from "./schemas/template-detail.js";
import {
  type TemplateList,
  type TemplateListParams,
  templateListParamsSchema,
} from "./schemas/template-list.js";
import type { TemplateValidation } from "./schemas/template-validation.js";
import { SupportedNamespaces } from "./supported-namespaces.js";
import {
  hasIdentityShape,
  type TemplateIdentity,
  templateIdentitySchema,
  toTemplateKey,
} from "./template-identity.js";
import { TemplateLister } from "./template-lister.js";
import {
  createTemplateOperations,
  type TemplateOperations,
  type TemplateQueries,
} from "./template-operations.js";
import {
  type TemplateServiceOptions,
  templateServiceOptionsSchema,
} from "./template-service-options.js";
import { TemplateValidator } from "./template-validator.js";

/**
 * Lists, serves and validates the templates of a worker. All answers are redacted, except those of `resolveTemplate`.
 */
export class TemplateService implements TemplateQueries, TemplateCacheSource {
  readonly context: WorkerContext;
  /** The service's operations, for transports. */
  readonly operations: TemplateOperations;
  readonly #handlers: Handlers | undefined;
  readonly #redactor = createRedactor();
  readonly #cache: TemplateCache<LoadedTemplate>;
  readonly #store: TemplateStore;
  readonly #namespaces: SupportedNamespaces;
  readonly #lister: TemplateLister;
  readonly #validator: TemplateValidator;
  readonly #cacheOperations: CacheOperations;

  /** @throws ObservabilityError INVALID_PARAMS that names every wrong option. */
  constructor(options: TemplateServiceOptions) {
    const {
      context = createWorkerContext(),
      source,
      handlers,
      ...parsed
    } = parseOptions("createTemplateService", templateServiceOptionsSchema, options);
    const { clock, logger, identity } = context;
    const waiting = { clock, logger, timeoutMs: parsed.sourceTimeoutMs };
    const redactor = this.#redactor;
    this.context = context;
    this.#handlers = handlers;
    this.#cache = new TemplateCache({
      clock,
      maxEntries: parsed.cacheMaxEntries,
      ttlMs: Math.ceil(parsed.cacheTtlSeconds * 1_000),
    });
    this.#store = new TemplateStore({
      source,
      cache: this.#cache,
      environment: identity.environment,
      defaults: { timeoutSeconds: parsed.stepTimeoutSeconds ?? null },
      ...waiting,
    });
    this.#namespaces = new SupportedNamespaces(
      identity.namespaces,
      source,
      new SharedLoads(waiting),
    );
    this.#lister = new TemplateLister({ source, redactor, loads: new SharedLoads(waiting) });
    this.#validator = new TemplateValidator({
      source,
      redactor,
      environment: identity.environment,
      handlers,
      namespaces: this.#namespaces,
      loads: new SharedLoads(waiting),
    });
    this.operations = createTemplateOperations(this);
    this.#cacheOperations = new CacheOperations({
      context,
      cache: this.#cache,
      store: this.#store,
      namespaces: this.#namespaces,
    });
    source.onChange?.((identities) => this.#store.drop(identities));
  }

  /** @throws ObservabilityError INVALID_PARAMS, TEMPLATE_SOURCE_UNAVAILABLE. */
  async listTemplates(params: TemplateListParams = {}): Promise<TemplateList> {
    const { include_cache_stats, namespace, limit, offset } = readParams(
      "listTemplates",
      templateListParamsSchema,
      params,
    );
    const { total, templates } = await this.#lister.page({
      namespace: namespace ?? null,
      limit: limit ?? null,
      offset,
    });
    const next = offset + templates.length;
    return Object.freeze({
      supported_namespaces: [...(await this.#namespaces.list())],
      template_count: total,
      templates: [...templates],
      next_offset: templates.length > 0 && next < total ? next : null,
      cache_stats: include_cache_stats ? await this.#cacheOperations.stats() : null,
      worker_capabilities: [...this.context.identity.capabilities],
    });
  }

  /** @throws ObservabilityError INVALID_PARAMS, NAMESPACE_NOT_SUPPORTED, TEMPLATE_NOT_FOUND, TEMPLATE_SOURCE_UNAVAILABLE. */
  async getTemplate(identity: TemplateIdentity): Promise<TemplateDetail> {
    // A cached identity is valid: validating it again would cost a third of the call.
    const cached = hasIdentityShape(identity)
      ? this.#cache.get(toTemplateKey(identity))
      : undefined;
    if (cached !== undefined) return this.#toDetail(cached.value, cached);
    return this.#toDetail(
      await this.#load(readParams("getTemplate", templateIdentitySchema, identity)),
      null,
    );
  }

  /** All problems of a template at once, even if it is unusable. @throws as `getTemplate`. */
  async validateTemplate(identity: TemplateIdentity): Promise<TemplateValidation> {
    readParams("validateTemplate", templateIdentitySchema, identity);
    return this.#validator.validate(identity);
  }

  /** The contents and counters of the cache. Never rejects. */
  cacheStats(): Promise<CacheStats> {
    return this.#cacheOperations.stats();
  }

  /** Removes every entry. */
  clearCache(): Promise<CacheOperationResult> {
    return this.#cacheOperations.clear();
  }

  /** Removes expired entries. */
  maintainCache(): Promise<CacheOperationResult> {
    return this.#cacheOperations.maintain();
  }

  /**
   * Reads a template again and replaces its cache entry. If that fails, it resolves with `success: false` and the entry stays.
   *
   * @throws ObservabilityError INVALID_PARAMS.
   */
  async refreshTemplate(identity: TemplateIdentity): Promise<CacheOperationResult> {
    readParams("refreshTemplate", templateIdentitySchema, identity);
    return this.#cacheOperations.refresh(identity);
  }

  /**
   * The template for the worker that runs its steps: with its defaults and its secrets, frozen, through the same cache.
   * A value if it is cached, so that a step need not wait; a promise if it must be read.
   *
   * @throws as `getTemplate`, always as a rejection.
   */
  resolveTemplate(identity: TemplateIdentity): ResolvedTemplate | Promise<ResolvedTemplate> {
    if (!hasIdentityShape(identity))
      return Promise.reject(
        new ObservabilityError(
          "INVALID_PARAMS",
          "resolveTemplate takes exactly a namespace, a name and a version, all strings.",
        ),
      );
    const cached = this.#cache.get(toTemplateKey(identity));
    return cached === undefined
      ? this.#load(identity).then(({ template }) => template)
      : cached.value.template;
  }

  /** What metrics read. */
  counts(): ReturnType<TemplateCacheSource["counts"]> {
    return this.#cache.counts();
  }

  async #load(identity: TemplateIdentity): Promise<LoadedTemplate> {
    const loaded = this.#namespaces.mayServe(identity) ? await this.#store.load(identity) : null;
    if (loaded === null) throw await this.#namespaces.whyMissing(identity);
    return loaded;
  }

  #toDetail(loaded: LoadedTemplate, entry: CacheEntry<LoadedTemplate> | null): TemplateDetail {
    return Object.freeze({
      template: loaded.answer(this.#redactor),
      handler_metadata: loaded.handlerMetadata(
        this.#redactor,
        handlerClassOf(loaded.handlerCandidates, this.#handlers),
      ),
      cached: entry !== null,
      cache_age_seconds:
        entry === null
          ? null
          : Math.floor((this.context.clock.monotonicMs() - entry.loadedAtMs) / 1_000),
      access_count: entry?.accessCount ?? null,
    });
  }
}

/**
 * Makes the service. It reads nothing until the first call.
 *
 * @example
 * const source = createYamlFolderSource({ patterns: "config/tasks/**\/*.yaml" });
 * const templates = createTemplateService({ context, source, handlers: createHandlers(Object.keys(stepHandlers)) });
 * await templates.getTemplate({ namespace: "payments", name: "refund", version: "1.0.0" });
 */
export function createTemplateService(options: TemplateServiceOptions): TemplateService {
  return new TemplateService(options);
}
