export {
  createWorkerContext,
  type ErrorCode,
  ObservabilityError,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
export { type BindAddress, formatBindAddress, parseBindAddress } from "./bind-address.js";
export { ConfigError, type ConfigProblem, formatProblem } from "./config-error.js";
export {
  type ConfigOperations,
  type ConfigQueries,
  createConfigOperations,
} from "./config-operations.js";
export { ConfigService, type ConfigServiceOptions, createConfigService } from "./config-service.js";
export { type ConfigValue, configValues } from "./config-values.js";
export { defaultWorkerId } from "./default-worker-id.js";
export { validateDatabaseUrl } from "./database-url.js";
export { environmentName, loadConfig, resolveConfig } from "./load-config.js";
export type { LoadConfigOptions, ResolveConfigOptions } from "./load-config-options.js";
export type { LoadedConfig } from "./loaded-config.js";
export type { Variables } from "./load/location.js";
export type { Origin, Origins } from "./load/origins.js";
export type { UnknownKey } from "./load/unused-keys.js";
export { renderConfigurationSchema } from "./reference/json-schema.js";
export { renderConfigurationReference } from "./reference/render-reference.js";
export type { RedactedConfig } from "./redacted-config.js";
export { type RuntimeConfig, runtimeConfigSchema } from "./runtime-config.js";
export { isProduction } from "./rules/production.js";
export type { ApiKey } from "./schema/web-schema.js";
export type { Settings } from "./schema/settings-schema.js";
export { Secret } from "./secret.js";
