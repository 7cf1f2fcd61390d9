import { defineOperation, type Operation, type WorkerContext } from "@tasker-observability/core";
import { z } from "zod";
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

/** What the operations ask: a TemplateQueryService, or anything that answers like one. */
export interface TemplateQueries {
  readonly context: Pick<WorkerContext, "lifecycle" | "logger" | "clock">;
  listTemplates(params: TemplateListParams): Promise<TemplateList>;
  getTemplate(identity: TemplateIdentity): Promise<TemplateDetail>;
  validateTemplate(identity: TemplateIdentity): Promise<TemplateValidation>;
  cacheStats(): Promise<CacheStats>;
  clearCache(): Promise<CacheOperationResult>;
  maintainCache(): Promise<CacheOperationResult>;
  refreshTemplate(identity: TemplateIdentity): Promise<CacheOperationResult>;
}

const noParams = z.strictObject({});
type NoParams = typeof noParams;
type Params = typeof templateIdentitySchema;

/** The template operations, by name. */
export type TemplateOperations = {
  readonly templates_list: Operation<
    "templates_list",
    typeof templateListParamsSchema,
    typeof templateListSchema
  >;
  readonly template_get: Operation<"template_get", Params, typeof templateDetailSchema>;
  readonly template_validate: Operation<
    "template_validate",
    Params,
    typeof templateValidationSchema
  >;
  readonly templates_cache_stats: Operation<
    "templates_cache_stats",
    NoParams,
    typeof cacheStatsSchema
  >;
  readonly templates_cache_clear: Operation<
    "templates_cache_clear",
    NoParams,
    typeof cacheOperationResultSchema
  >;
  readonly templates_cache_maintain: Operation<
    "templates_cache_maintain",
    NoParams,
    typeof cacheOperationResultSchema
  >;
  readonly template_refresh: Operation<
    "template_refresh",
    Params,
    typeof cacheOperationResultSchema
  >;
};

/** What a service answers, as operations that any transport can carry. */
export function createTemplateOperations(service: TemplateQueries): TemplateOperations {
  const common = {
    group: "templates",
    exposure: "detail",
    mediaTypes: ["application/json"],
    context: service.context,
  } as const;
  const read = { ...common, access: "read" } as const;
  const write = { ...common, access: "write", result: cacheOperationResultSchema } as const;
  return Object.freeze({
    templates_list: defineOperation({
      ...read,
      name: "templates_list",
      params: templateListParamsSchema,
      result: templateListSchema,
      run: (params) => service.listTemplates(params),
    }),
    template_get: defineOperation({
      ...read,
      name: "template_get",
      params: templateIdentitySchema,
      result: templateDetailSchema,
      run: (params) => service.getTemplate(params),
    }),
    template_validate: defineOperation({
      ...read,
      name: "template_validate",
      params: templateIdentitySchema,
      result: templateValidationSchema,
      run: (params) => service.validateTemplate(params),
    }),
    templates_cache_stats: defineOperation({
      ...read,
      name: "templates_cache_stats",
      params: noParams,
      result: cacheStatsSchema,
      run: () => service.cacheStats(),
    }),
    templates_cache_clear: defineOperation({
      ...write,
      name: "templates_cache_clear",
      params: noParams,
      run: () => service.clearCache(),
    }),
    templates_cache_maintain: defineOperation({
      ...write,
      name: "templates_cache_maintain",
      params: noParams,
      run: () => service.maintainCache(),
    }),
    template_refresh: defineOperation({
      ...write,
      name: "template_refresh",
      params: templateIdentitySchema,
      verdict: verdictOf,
      run: (params) => service.refreshTemplate(params),
    }),
  });
}
