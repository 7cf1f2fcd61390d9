export {
  createWorkerContext,
  type Database,
  type ErrorCode,
  type HealthStatus,
  ObservabilityError,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
export { classifyFailure, type FailureKind } from "@tasker-observability/postgres";
export type { BuiltInCheckName, BuiltInCheckOptions } from "./checks/built-in-checks.js";
export type {
  Check,
  CheckOptions,
  CheckResult,
  CheckRun,
  InstantCheck,
  Probe,
  SharedCheck,
} from "./checks/check.js";
export {
  type CircuitBreakersCheckOptions,
  createCircuitBreakersCheck,
} from "./checks/circuit-breakers-check.js";
export {
  type CommandProcessorCheckOptions,
  createCommandProcessorCheck,
} from "./checks/command-processor-check.js";
export type { CustomCheck } from "./checks/custom-check.js";
export { createDatabaseCheck, type DatabaseCheckOptions } from "./checks/database-check.js";
export {
  createEventSystemCheck,
  type EventSystemCheckOptions,
} from "./checks/event-system-check.js";
export { createLifecycleCheck, type LifecycleCheckOptions } from "./checks/lifecycle-check.js";
export {
  type BacklogThresholds,
  createQueueProcessingCheck,
  type QueueProcessingCheckOptions,
} from "./checks/queue-processing-check.js";
export {
  createStepProcessingCheck,
  type ErrorRateThresholds,
  type StepProcessingCheckOptions,
} from "./checks/step-processing-check.js";
export {
  createHealthOperations,
  type HealthQueries,
  type HealthOperations,
} from "./health-operations.js";
export { type HealthServiceOptions, healthServiceOptionsSchema } from "./health-options.js";
export { createHealthService, HealthService } from "./health-service.js";
export { type BasicHealth, basicHealthSchema } from "./schemas/basic-health.js";
export {
  type DetailedHealth,
  detailedHealthSchema,
  type ReadyHealth,
  readyHealthSchema,
} from "./schemas/detailed-health.js";
export {
  type Criticality,
  criticalitySchema,
  type HealthCheck,
  healthCheckSchema,
  healthStatusSchema,
} from "./schemas/health-check.js";
export { type LiveHealth, liveHealthSchema } from "./schemas/live-health.js";
export {
  type PoolDetail,
  type PoolUtilization,
  poolDetailSchema,
  poolUtilizationSchema,
  type WorkerSystemInfo,
  workerSystemInfoSchema,
} from "./schemas/worker-system-info.js";
export type { DatabaseLike } from "./to-database.js";
