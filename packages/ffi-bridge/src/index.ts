export {
  createWorkerContext,
  defineOperation,
  type ErrorCode,
  ObservabilityError,
  type Operation,
  type Operations,
  type OperationSource,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
export { bindObservability, Observability } from "./bound-observability.js";
export { createFacade, type FacadeParts, type ObservabilityFacade } from "./facade.js";
export {
  type BridgeFunctions,
  type BridgeFunctionsOptions,
  createBridgeFunctions,
  type OwnFunctions,
  type TemplateParams,
  type TemplatesListParams,
} from "./functions.js";
export { createObservability, type ObservabilityOf } from "./observability.js";
export type { ObservabilityOptions } from "./observability-options.js";
export type { CallOf, FacadeOf } from "./facade-of.js";
export type {
  CallMethod,
  ConfigMethods,
  FacadeBase,
  HealthMethods,
  MetricsMethods,
  ObservabilityMethods,
  ProbeMethods,
  TemplateMethods,
  TemplatesListOptions,
  WorkMethods,
} from "./observability-methods.js";
export {
  type ConnectOptions,
  connectObservability,
  type RemoteObservability,
} from "./socket-client.js";
export { createSocketServer, type SocketServer } from "./socket-server.js";
export type { SocketServerOptions } from "./socket-server-options.js";
export type { EventSource } from "./socket/event-source.js";
export type { EventDelivery, EventListener } from "./socket/event-delivery.js";
export {
  type HeartbeatFile,
  type HeartbeatFileOptions,
  startHeartbeatFile,
} from "./heartbeat-file.js";
export {
  type HeartbeatInUseOptions,
  assertHeartbeatUnused,
} from "./supervision/heartbeat-in-use.js";
export { assertHeartbeatWritable } from "./supervision/heartbeat-path.js";
export { notifyProcessManager } from "./supervision/process-manager.js";
export {
  createSystemdNotifier,
  type SystemdNotifier,
  type SystemdNotifierOptions,
} from "./supervision/systemd-notifier.js";
