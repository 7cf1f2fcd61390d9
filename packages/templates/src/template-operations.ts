import {
  operationsFor,
  type OperationsOfGroup,
  type WorkerContext,
} from "@tasker-observability/core";
import * as z from "zod";
import { verdictOf } from "./cache/refresh-verdict.js";
import {
  type CacheOperationResult,
  cacheOperationResultSchema,
  type CacheStats,
  cacheStatsSchema,
} from "./schemas/cache-stats.js";
import { type TemplateDetail, templateDetailSchema } from "./schemas/template-detail.js";
import {
  type TemplateList,
  type TemplateListParams,
  templateListParamsSchema,
  templateListSchema,
} from "./schemas/template-list.js";
import {
  type TemplateValidation,
  templateValidationSchema,
} from "./schemas/template-validation.js";
import { type TemplateIdentity, templateIdentitySchema } from "./template-identity.js";

/** What the operations call: a TemplateService, or an object with the same methods. */
export interface TemplateQueries {
  /** The worker whose lifecycle decides whether the operations answer. */
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock">;
  /** One page of the registered templates, by namespace, name and version. */
  listTemplates(params: TemplateListParams): Promise<TemplateList>;
  /** One template, resolved for this environment, secrets masked. Rejects with TEMPLATE_NOT_FOUND, NAMESPACE_NOT_SUPPORTED or TEMPLATE_SOURCE_UNAVAILABLE. */
  getTemplate(identity: TemplateIdentity): Promise<TemplateDetail>;
  /** All problems of a template. Rejects as `getTemplate` does; an invalid template is an answer. */
  validateTemplate(identity: TemplateIdentity): Promise<TemplateValidation>;
  /** The contents and counters of the template cache. */
  cacheStats(): Promise<CacheStats>;
  /** Empties the template cache. */
  clearCache(): Promise<CacheOperationResult>;
  /** Removes expired templates from the cache. */
  maintainCache(): Promise<CacheOperationResult>;
  /** Reads a template again; `success` is false if it is missing or cannot be read. */
  refreshTemplate(identity: TemplateIdentity): Promise<CacheOperationResult>;
}

/** The answers of a service, as operations that any transport can carry. */
export function createTemplateOperations(service: TemplateQueries) {
  const operation = operationsFor(service.context, z.strictObject({}));
  return Object.freeze({
    templates_list: operation("templates_list", {
      params: templateListParamsSchema,
      result: templateListSchema,
      run: (params) => service.listTemplates(params),
    }),
    template_get: operation("template_get", {
      params: templateIdentitySchema,
      result: templateDetailSchema,
      run: (params) => service.getTemplate(params),
    }),
    template_validate: operation("template_validate", {
      params: templateIdentitySchema,
      result: templateValidationSchema,
      run: (params) => service.validateTemplate(params),
    }),
    templates_cache_stats: operation("templates_cache_stats", {
      result: cacheStatsSchema,
      run: () => service.cacheStats(),
    }),
    templates_cache_clear: operation("templates_cache_clear", {
      result: cacheOperationResultSchema,
      run: () => service.clearCache(),
    }),
    templates_cache_maintain: operation("templates_cache_maintain", {
      result: cacheOperationResultSchema,
      run: () => service.maintainCache(),
    }),
    template_refresh: operation("template_refresh", {
      params: templateIdentitySchema,
      result: cacheOperationResultSchema,
      verdict: verdictOf,
      run: (params) => service.refreshTemplate(params),
    }),
  } satisfies OperationsOfGroup<"templates">);
}

/** The template operations, by name. */
export type TemplateOperations = ReturnType<typeof createTemplateOperations>;
