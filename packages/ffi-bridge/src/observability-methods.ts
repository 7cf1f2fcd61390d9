import type { Operations } from "@tasker-observability/core";
import type { ConfigOperations } from "@tasker-observability/config";
import type { HealthOperations } from "@tasker-observability/health";
import type { MetricsOperations } from "@tasker-observability/metrics";
import type { TemplateOperations } from "@tasker-observability/templates";
import type { WorkOperations } from "@tasker-observability/work";
import type { FacadeOf } from "./facade-of.js";

/** All operations of the catalogue, typed by the services. */
export type AllOperations = HealthOperations &
  Required<MetricsOperations> &
  TemplateOperations &
  ConfigOperations &
  WorkOperations;

/** The worker's health. All rejections are ObservabilityErrors. */
export type HealthMethods = FacadeOf<HealthOperations>;

/** The worker's metrics. `eventStats` rejects with SERVICE_NOT_INSTALLED if the worker has no domain events. */
export type MetricsMethods = FacadeOf<MetricsOperations>;

/**
 * The worker's templates. `templateGet` and `templateValidate` reject with TEMPLATE_NOT_FOUND, NAMESPACE_NOT_SUPPORTED
 * or TEMPLATE_SOURCE_UNAVAILABLE; `templateRefresh` resolves `success: false` instead.
 */
export type TemplateMethods = FacadeOf<TemplateOperations>;

/** The worker's configuration, secrets masked. */
export type ConfigMethods = FacadeOf<ConfigOperations>;

/**
 * The worker's queues, running steps, dead letters and fleet. A method rejects with SERVICE_NOT_INSTALLED if the worker has no port
 * for it, and with DATABASE_UNAVAILABLE if the database fails.
 */
export type WorkMethods = FacadeOf<WorkOperations>;

/** Options of `templatesList`. */
export type TemplatesListOptions = NonNullable<Parameters<TemplateMethods["templatesList"]>[0]>;

/** Yes or no. These methods never reject: a worker that cannot be reached is neither ready nor alive. */
export interface ProbeMethods {
  /** Whether work should be sent to this worker: true if `healthReady` says healthy. */
  ready(): Promise<boolean>;
  /** Whether the worker works: false if only a restart would help. */
  alive(): Promise<boolean>;
}

/** Calls any operation by its name, your own too. */
export interface CallMethod {
  /**
   * Calls an operation by its name.
   *
   * @param params - as the operation's schema takes them, in snake case.
   * @throws ObservabilityError ENDPOINT_NOT_FOUND for a name that no operation has; else whatever the operation rejects with.
   */
  call(name: string, params?: object): Promise<unknown>;
}

/** All methods, over any transport. */
export interface ObservabilityMethods
  extends
    HealthMethods,
    MetricsMethods,
    TemplateMethods,
    ConfigMethods,
    WorkMethods,
    ProbeMethods,
    CallMethod {}

/** The members of every facade in the worker's process. */
export interface FacadeBase extends ProbeMethods, CallMethod {
  /**
   * The operations, for a transport: `createObservabilityRouter(observability.operations)`. They end with the
   * facade's `close()`.
   */
  readonly operations: Operations;
  /**
   * Closes the services that the facade made, but no service or pool that it was given. Later calls reject with
   * WORKER_NOT_RUNNING. Idempotent.
   */
  close(): Promise<void>;
}
