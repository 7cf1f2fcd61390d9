import { loadConfig, type LoadedConfig, type Settings } from "@tasker-observability/config";
import type { OperationGroup } from "@tasker-observability/core";
import type { CreateWorkerOptions } from "./worker-options.js";

/**
 * Maps Tasker's configuration files to options; add your handlers to them.
 * @throws ConfigError with every problem of the files.
 * @example
 * const worker = await createWorker({ ...toWorkerOptions(loadConfig()), handlers });
 */
export function toWorkerOptions(config: LoadedConfig = loadConfig()): CreateWorkerOptions {
  const { common, worker } = config.settings;
  return {
    loadedConfig: config,
    environment: config.environment,
    workerId: worker.worker_id,
    version: worker.version || undefined,
    workerType: worker.worker_type,
    namespaces: worker.namespaces,
    ...toDatabaseOptions(common.database),
    ...toStepOptions(worker),
    templates: common.task_templates.search_paths,
    templateWatchIntervalMs: worker.templates.watch_interval_seconds * 1_000 || undefined,
    templateCache: {
      maxEntries: worker.templates.cache_max_entries,
      ttlSeconds: worker.templates.cache_ttl_seconds,
    },
    ...toTransportOptions(worker),
    fleet: worker.fleet.enabled,
    health: toHealthOptions(config.settings),
    poolDeadAfterMs: worker.health.pool_dead_after_ms,
    errorWindowSeconds: worker.health.error_rate.window_seconds,
    metrics: {
      nodeMetrics: worker.metrics.node_metrics,
      collectorTimeoutMs: worker.metrics.collector_timeout_ms,
      cacheTtlMs: worker.metrics.cache_ttl_ms,
      durationBuckets: worker.metrics.duration_buckets_seconds ?? undefined,
      waitBuckets: worker.metrics.wait_buckets_seconds ?? undefined,
    },
    metricsPush: toPushOptions(worker.metrics.push),
  };
}

function toPushOptions(
  push: Settings["worker"]["metrics"]["push"],
): CreateWorkerOptions["metricsPush"] {
  if (push.url.empty) return undefined;
  return {
    url: push.url,
    intervalMs: push.interval_ms,
    timeoutMs: push.timeout_ms,
    jobName: push.job_name,
  };
}

function toDatabaseOptions({
  url,
  listen_url,
  pool,
  prepared_statements,
}: Settings["common"]["database"]): CreateWorkerOptions {
  return {
    database: url.empty ? undefined : url,
    listenUrl: listen_url.empty ? undefined : listen_url,
    poolSize: pool.max_connections,
    acquireTimeoutMs: pool.acquire_timeout_seconds * 1_000,
    preparedStatements: prepared_statements,
  };
}

function toStepOptions({
  mpsc_channels: { handler_dispatch: dispatch },
  event_systems: {
    worker: { timing, metadata },
  },
  ...worker
}: Settings["worker"]): CreateWorkerOptions {
  return {
    concurrency: dispatch.max_concurrent_handlers,
    bufferSize: dispatch.dispatch_buffer_size,
    handlerTimeoutMs: dispatch.handler_timeout_ms,
    batchSize: metadata.fallback_poller.batch_size,
    pollingIntervalMs: metadata.fallback_poller.polling_interval_ms,
    visibilityTimeoutSeconds: timing.visibility_timeout_seconds,
    unknownStepGiveBackSeconds: worker.unknown_step_give_back_seconds,
    notifications: worker.notifications,
    drainTimeoutMs: worker.shutdown.drain_timeout_ms,
  };
}

function toTransportOptions({ web, bridge }: Settings["worker"]): CreateWorkerOptions {
  return {
    http: web.enabled ? toHttpOptions(web) : false,
    requestTimeoutMs: web.request_timeout_ms,
    socketPath: bridge.socket_path || undefined,
    socketWrites: bridge.writes_enabled,
    heartbeatFile: bridge.heartbeat_file || undefined,
  };
}

function toHttpOptions({
  bind_address,
  allowed_hosts,
  endpoints,
  auth,
}: Settings["worker"]["web"]): CreateWorkerOptions["http"] {
  const isOffered: Readonly<Record<OperationGroup, boolean>> = {
    health: endpoints.health_enabled,
    metrics: endpoints.metrics_enabled,
    templates: endpoints.templates_enabled,
    config: endpoints.config_enabled,
    work: endpoints.work_enabled,
    custom: true,
    dashboard: endpoints.dashboard_enabled,
    openapi: endpoints.openapi_enabled,
  };
  const groups = Object.keys(isOffered) as OperationGroup[];
  return {
    ...bind_address,
    allowedHosts: allowed_hosts ?? undefined,
    groups: groups.filter((group) => isOffered[group]),
    writes: groups.filter((group) =>
      group === "work" ? endpoints.work_writes_enabled : endpoints.cache_operations_enabled,
    ),
    auth: auth.enabled
      ? { header: auth.api_key_header, keys: auth.api_keys, protectProbes: auth.protect_probes }
      : undefined,
  };
}

function toHealthOptions({ common, worker }: Settings): CreateWorkerOptions["health"] {
  const { error_rate: errorRate, ...health } = worker.health;
  return {
    checkTimeoutMs: health.check_timeout_ms ?? undefined,
    cacheTtlMs: health.cache_ttl_ms,
    stallAfterMs: health.stall_after_ms,
    slowMs: health.slow_ms,
    maxAgeSeconds: health.max_age_seconds,
    overflowThreshold: common.queues.pgmq.queue_depth_thresholds.overflow_threshold,
    errorRate: {
      minSamples: errorRate.min_samples,
      degraded: errorRate.degraded,
      unhealthy: errorRate.unhealthy,
    },
  };
}
