import type { Operations } from "@tasker-observability/core";
import type { RuntimeConfig } from "@tasker-observability/config";
import type {
  BasicHealth,
  DetailedHealth,
  LiveHealth,
  ReadyHealth,
} from "@tasker-observability/health";
import type { DomainEventStats, WorkerMetrics } from "@tasker-observability/metrics";
import type {
  CacheOperationResult,
  CacheStats,
  TemplateDetail,
  TemplateIdentity,
  TemplateList,
  TemplateValidation,
} from "@tasker-observability/templates";

/** How the worker is. All rejections are ObservabilityErrors. */
export interface HealthMethods {
  /** The process answers at all. */
  healthBasic(): Promise<BasicHealth>;
  /** Whether only a restart would help; no I/O. */
  healthLive(): Promise<LiveHealth>;
  /** Whether work should be sent here. */
  healthReady(): Promise<ReadyHealth>;
  /** All checks. */
  healthDetailed(): Promise<DetailedHealth>;
}

/** Its numbers. */
export interface MetricsMethods {
  /** Prometheus text 0.0.4. */
  prometheusMetrics(): Promise<string>;
  /** The same samples as data. */
  metricsWorker(): Promise<WorkerMetrics>;
  /** @throws ObservabilityError SERVICE_NOT_INSTALLED where the worker has no domain events. */
  eventStats(): Promise<DomainEventStats>;
}

/** Options of `templatesList`. */
export interface TemplatesListOptions {
  /** @default false */
  readonly includeCacheStats?: boolean | undefined;
  /** @default all namespaces */
  readonly namespace?: string | undefined;
  /** @default all templates */
  readonly limit?: number | undefined;
  /** @default 0 */
  readonly offset?: number | undefined;
}

/** The templates it knows. */
export interface TemplateMethods {
  templatesList(options?: TemplatesListOptions): Promise<TemplateList>;
  /** @throws ObservabilityError TEMPLATE_NOT_FOUND, NAMESPACE_NOT_SUPPORTED, TEMPLATE_SOURCE_UNAVAILABLE. */
  templateGet(identity: TemplateIdentity): Promise<TemplateDetail>;
  /** @throws as `templateGet`; an invalid template is an answer. */
  templateValidate(identity: TemplateIdentity): Promise<TemplateValidation>;
  cacheStats(): Promise<CacheStats>;
  cacheClear(): Promise<CacheOperationResult>;
  cacheMaintain(): Promise<CacheOperationResult>;
  /** Resolves `success: false` for a template that is missing or cannot be read. */
  templateRefresh(identity: TemplateIdentity): Promise<CacheOperationResult>;
}

/** How it is configured, secrets masked. */
export interface ConfigMethods {
  config(): Promise<RuntimeConfig>;
  environment(): Promise<string>;
}

/** Yes or no. They never reject: what cannot be asked is neither ready nor alive. */
export interface ProbeMethods {
  ready(): Promise<boolean>;
  alive(): Promise<boolean>;
}

/** All that can be asked, whichever way the question goes. */
export interface ObservabilityMethods
  extends HealthMethods, MetricsMethods, TemplateMethods, ConfigMethods, ProbeMethods {}

/** What every facade of this process has, whatever services it was given. */
export interface FacadeBase extends ProbeMethods {
  /** What it asks, for a transport: `createObservabilityRouter(observability.operations)`. They end with the facade's `close()`. */
  readonly operations: Operations;
  /** Closes the services that the facade made, never one it was given, nor a pool. Later calls reject WORKER_NOT_RUNNING. Idempotent. */
  close(): Promise<void>;
}
