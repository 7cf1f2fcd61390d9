export { type AccessLog, type AnsweredCall, createAccessLog } from "./access-log.js";
export {
  type AccessPolicy,
  type AccessPolicyOptions,
  type Caller,
  createAccessPolicy,
  isWrite,
  type Right,
  type Transport,
} from "./access-policy.js";
export type { Awaitable } from "./awaitable.js";
export { type Backoff, type BackoffOptions, createBackoff } from "./backoff.js";
export {
  type RateLimitedLine,
  type RateLimitedLog,
  type RateLimitedLogOptions,
  createRateLimitedLog,
} from "./rate-limited-log.js";
export { type Clock, maxTimerMs, systemClock, type TimerOptions } from "./clock.js";
export {
  type Catalogue,
  catalogue,
  type OperationName,
  operationNames,
  rowOf,
  versionPrefix,
} from "./catalogue.js";
export { createWorkerContext, type WorkerContext } from "./context.js";
export type { Identity, WorkerContextOptions } from "./context-options.js";
export type { CatalogueRow, HttpEndpoint, OperationFacts, Verdict } from "./operation-facts.js";
export {
  abortAfter,
  type DeadlineOptions,
  type GiveUpOptions,
  sleep,
  withDeadline,
  type Work,
} from "./deadline.js";
export { type ErrorCode, errorCodes, type ErrorFacts, isErrorCode } from "./error-codes.js";
export { ObservabilityError, type SafeCause, toSafeCause } from "./errors.js";
export {
  type ExactJson,
  type InexactNumber,
  InexactNumberError,
  isExactNumber,
  parseExactJson,
  toExactJson,
} from "./exact-numbers.js";
export {
  createFailureClassifier,
  type GeneralFailureKind,
  type ServiceFailures,
} from "./failure-classifier.js";
export { createHeartbeat, type Heartbeat } from "./heartbeat.js";
export { type Answer, answer, inProcess, invoke, takesParams } from "./invoke.js";
export type { LifecycleState, Lifecycle } from "./lifecycle.js";
export type { Liveness } from "./liveness.js";
export {
  type Logger,
  type LoggerLike,
  type LoggerObject,
  type LogLevel,
  logLevels,
  silentLogger,
} from "./logger.js";
export {
  type DefineCatalogued,
  defineOperation,
  type OperationBody,
  type OperationDefinition,
  operationsFor,
  type OperationsOfGroup,
} from "./define-operation.js";
export { pathParamsOf } from "./validate-definition.js";
export {
  isNamespace,
  namespaceRule,
  namespacePattern,
  queueNameOf,
  reservedNamespace,
} from "./namespace-rule.js";
export { didYouMean } from "./nearest-name.js";
export {
  type Call,
  type Operation,
  type OperationContext,
  type Operations,
  type ParamsOf,
  type ParamsSchema,
  type ResultOf,
  type TakesNoParams,
} from "./operation.js";
export { type OperationGroup, operationGroups } from "./operation-groups.js";
export {
  type OperationsWithPlaceholders,
  withPlaceholders,
  type HasOperations,
  type OperationSource,
  toOperations,
} from "./operations.js";
export { readParams } from "./read-params.js";
export { toPrintable, toPrintableJson } from "./printable.js";
export { PortAnswerError, portAnswers } from "./port-answers.js";
export type {
  BusCounts,
  Channels,
  CircuitBreakers,
  ClaimRefusals,
  OutcomeRefusals,
  RefusedOutcomes,
  CommandProcessor,
  Database,
  DeliveryCount,
  DomainEvents,
  EventSystem,
  MessageQueues,
  PoolStatistics,
  AcquireStatistics,
  Ports,
  QueueStatistics,
  RouterCounts,
} from "./ports.js";
export type {
  DeadLetter,
  DeadLetterChange,
  DeadLetterChoice,
  DeadLetterQuery,
  DeadLetterStore,
  Fleet,
  FleetPage,
  FleetQuery,
  FleetState,
  FleetWorker,
  RunningStep,
  RunningSteps,
} from "./work-ports.js";
export type { HealthSource, TemplateCacheSource } from "./metric-sources.js";
export type { HealthStatus } from "./health-status.js";
export { notInstalled, notRunning, notRunningMessage } from "./unavailable.js";
export type { CallOptions } from "./running-call.js";
export { createSafeLogger } from "./safe-logger.js";
export {
  createSharedRun,
  type RunState,
  type RunSignals,
  type SharedResult,
  type SharedRun,
  type SharedRunOptions,
} from "./shared-run.js";
export {
  createStepStatistics,
  type StepStart,
  type StepStatistics,
  type StepStatisticsOptions,
  type StepWindow,
} from "./step-statistics.js";
export { OVERFLOW_LABEL } from "./step-recorders.js";
export type { ReleaseReason, StepOutcome, StepRecorder, StepSink } from "./step-recorder.js";
export { SlidingCounts } from "./sliding-counts.js";
