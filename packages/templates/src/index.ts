export {
  createWorkerContext,
  type ErrorCode,
  type Logger,
  ObservabilityError,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
export {
  checkTemplateFiles,
  type CheckTemplateFilesOptions,
  type TemplateFilesReport,
} from "./check-template-files.js";
export type { FileFinding } from "./file-finding.js";
export { formatReport } from "./format-report.js";
export { parseHandlerList } from "./handler-list.js";
export { createHandlers, type Handlers } from "./handlers.js";
export type { JsonObject, JsonValue } from "./json.js";
export { findMissingHandlers, type MissingHandlersOptions } from "./missing-handlers.js";
export { isNamespace, namespaceRule } from "@tasker-observability/core";
export { type FindingCode, findingCodes, type Position, type Problem } from "./problem.js";
export {
  type CacheOperationResult,
  cacheOperationResultSchema,
  type CacheStats,
  cacheStatsSchema,
} from "./schemas/cache-stats.js";
export {
  completeTemplate,
  retryDefaults,
  type WorkerDefaults,
} from "./resolve/complete-template.js";
export {
  type ResolvedEvent,
  type ResolvedRetry,
  type ResolvedStep,
  type ResolvedTemplate,
  resolvedTemplateSchema,
} from "./schemas/complete-template.js";
export {
  type PublishedEvent,
  type StepRetry,
  type TaskStep,
  type TaskTemplate,
  taskTemplateSchema,
} from "./schemas/task-template.js";
export {
  type HandlerMetadata,
  handlerMetadataSchema,
  type ResolvedTaskTemplate,
  resolvedTaskTemplateSchema,
  type TemplateDetail,
  templateDetailSchema,
} from "./schemas/template-detail.js";
export {
  type TemplateList,
  type TemplateListParams,
  templateListSchema,
  type TemplateSummary,
  templateSummarySchema,
} from "./schemas/template-list.js";
export {
  type Finding,
  findingSchema,
  type TemplateValidation,
  templateValidationSchema,
} from "./schemas/template-validation.js";
export type { FolderReport } from "./sources/folder-report.js";
export type { PostgresSourceOptions, RegistryClient } from "./sources/postgres-options.js";
export { createPostgresSource } from "./sources/postgres-source.js";
export type { YamlFolderSourceOptions } from "./sources/yaml-folder-options.js";
export { areGlobs, globsExpected } from "./sources/find-files.js";
export { createYamlFolderSource, type YamlFolderSource } from "./sources/yaml-folder-source.js";
export { type TemplateIdentity, templateIdentitySchema } from "./template-identity.js";
export {
  createTemplateOperations,
  type TemplateOperations,
  type TemplateQueries,
} from "./template-operations.js";
export { createTemplateService, TemplateService } from "./template-service.js";
export type { TemplateServiceOptions } from "./template-service-options.js";
export type {
  ListedTemplate,
  TemplateDefinition,
  TemplateListQuery,
  TemplatePage,
  TemplateSource,
} from "./template-source.js";
