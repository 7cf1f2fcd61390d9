import type { Operations } from "@tasker-observability/core";
import type { ConfigOperations } from "@tasker-observability/config";
import type { HealthOperations } from "@tasker-observability/health";
import type { MetricsOperations } from "@tasker-observability/metrics";
import type { TemplateOperations } from "@tasker-observability/templates";
import type { FacadeOf } from "./facade-of.js";

/** Everything in the catalogue, as the services have it. */
export type AllOperations = HealthOperations &
  Required<MetricsOperations> &
  TemplateOperations &
  ConfigOperations;

/** How the worker is. All rejections are ObservabilityErrors. */
export type HealthMethods = FacadeOf<HealthOperations>;

/** Its numbers. `eventStats` rejects with SERVICE_NOT_INSTALLED where the worker has no domain events. */
export type MetricsMethods = FacadeOf<MetricsOperations>;

/**
 * The templates it knows. `templateGet` and `templateValidate` reject with TEMPLATE_NOT_FOUND, NAMESPACE_NOT_SUPPORTED
 * or TEMPLATE_SOURCE_UNAVAILABLE; `templateRefresh` resolves `success: false` instead.
 */
export type TemplateMethods = FacadeOf<TemplateOperations>;

/** How it is configured, secrets masked. */
export type ConfigMethods = FacadeOf<ConfigOperations>;

/** Options of `templatesList`. */
export type TemplatesListOptions = NonNullable<Parameters<TemplateMethods["templatesList"]>[0]>;

/** Yes or no. They never reject: what cannot be asked is neither ready nor alive. */
export interface ProbeMethods {
  ready(): Promise<boolean>;
  alive(): Promise<boolean>;
}

/** Any operation by its name, your own too. */
export interface CallMethod {
  /**
   * @param params - as the operation's schema takes them, in snake case.
   * @throws ObservabilityError ENDPOINT_NOT_FOUND for a name that no operation has; else whatever the operation rejects with.
   */
  call(name: string, params?: object): Promise<unknown>;
}

/** All that can be asked, whichever way the question goes. */
export interface ObservabilityMethods
  extends HealthMethods, MetricsMethods, TemplateMethods, ConfigMethods, ProbeMethods, CallMethod {}

/** What every facade of this process has, whatever services it was given. */
export interface FacadeBase extends ProbeMethods, CallMethod {
  /** What it asks, for a transport: `createObservabilityRouter(observability.operations)`. They end with the facade's `close()`. */
  readonly operations: Operations;
  /** Closes the services that the facade made, never one it was given, nor a pool. Later calls reject WORKER_NOT_RUNNING. Idempotent. */
  close(): Promise<void>;
}
