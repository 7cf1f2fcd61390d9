export {
  type AccessPolicy,
  type AccessPolicyOptions,
  createAccessPolicy,
  defineOperation,
  ObservabilityError,
  type Operation,
  type OperationGroup,
  type Operations,
  type OperationSource,
  type Right,
} from "@tasker-observability/core";
export type { ApiKey, ApiKeyAuth } from "./api-keys.js";
export { createObservabilityRouter, type ObservabilityRouter } from "./express-router.js";
export type { ListenAddress, ServerLimits } from "./guarded-server.js";
export type { HttpAccess } from "./http-access.js";
export type { HttpOptions } from "./http-options.js";
export type { ListenOptions } from "./listen-options.js";
export {
  createObservabilityListener,
  type ListenerOptions,
  type ObservabilityListener,
} from "./node-listener.js";
export { createOpenApiDocument, type OpenApiDocument, type OpenApiOptions } from "./openapi.js";
export { type OperationTraits, type Route, routes } from "./routes.js";
