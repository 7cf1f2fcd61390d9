/** Keys of Tasker's own files that load and appear in answers, but have no effect here. */
export interface UnusedKeys {
  /** `*` stands for everything in a table. */
  readonly keys: readonly (string | RestOfTable)[];
  /** What to use instead, as Markdown. */
  readonly why: string;
}

/** All keys of a table except those with an effect. */
export interface RestOfTable {
  readonly all: string;
  readonly but: readonly string[];
}

export const unusedTaskerKeys: readonly UnusedKeys[] = [
  {
    keys: [
      "common.system.*",
      "common.telemetry.*",
      "common.cache.*",
      "common.pgmq_database.*",
      "worker.grpc.*",
      "common.database.variables.*",
      "common.database.database",
      "common.database.skip_migration_check",
    ],
    why: "The worker has one database for everything, named by its URL. It migrates nothing, exports no traces, caches templates in its own memory and has no gRPC listener.",
  },
  {
    keys: [
      "common.database.pool.min_connections",
      "common.database.pool.idle_timeout_seconds",
      "common.database.pool.max_lifetime_seconds",
      "common.database.pool.slow_acquire_threshold_ms",
      "worker.web.database_pools.*",
    ],
    why: "There is one pool; `common.database.pool` limits it.",
  },
  {
    keys: [
      "orchestration.*",
      { all: "common.execution.*", but: ["environment"] },
      "common.backoff.*",
      "worker.orchestration_client.*",
    ],
    why: "A worker does not orchestrate. Retries follow each step's template.",
  },
  {
    keys: [
      { all: "common.queues.*", but: ["pgmq.queue_depth_thresholds"] },
      "common.queues.pgmq.queue_depth_thresholds.warning_threshold",
      "common.queues.pgmq.queue_depth_thresholds.critical_threshold",
    ],
    why: "The queues are PGMQ's, named `<namespace>_queue`. There is one threshold, because a backlog degrades a worker but never makes it unready.",
  },
  {
    keys: ["common.circuit_breakers.*", "worker.circuit_breakers.*", "worker.web.resilience.*"],
    why: "The worker's circuit breakers have fixed settings.",
  },
  {
    keys: [
      "common.mpsc_channels.*",
      { all: "worker.mpsc_channels.*", but: ["handler_dispatch"] },
      "worker.mpsc_channels.handler_dispatch.completion_buffer_size",
      "worker.mpsc_channels.handler_dispatch.load_shedding.*",
      "worker.step_processing.*",
    ],
    why: "There is one bounded buffer between claims and handlers: `worker.mpsc_channels.handler_dispatch`. When it is full, the worker claims nothing.",
  },
  {
    keys: [
      { all: "worker.event_systems.worker.*", but: ["timing", "metadata.fallback_poller"] },
      { all: "worker.event_systems.worker.timing.*", but: ["visibility_timeout_seconds"] },
      {
        all: "worker.event_systems.worker.metadata.fallback_poller.*",
        but: ["polling_interval_ms", "batch_size", "supported_namespaces"],
      },
    ],
    why: "The worker uses the notifications that the database sends, and always polls as a fallback.",
  },
  {
    keys: [
      "worker.health_monitoring.health_check_interval_seconds",
      "worker.health_monitoring.performance_monitoring_enabled",
    ],
    why: "Checks run on request and share their results for `worker.health.cache_ttl_ms`.",
  },
  {
    keys: [
      "worker.web.auth.jwt_*",
      "worker.web.auth.jwks_*",
      "worker.web.auth.protected_routes",
      "worker.web.auth.api_keys_enabled",
      "worker.web.auth.strict_validation",
      "worker.web.auth.log_unknown_permissions",
      "worker.web.auth.permissions_claim",
    ],
    why: "Only API keys are supported. With `worker.web.auth.enabled = true`, JWT settings, protected routes and `api_keys_enabled = false` are rejected rather than ignored.",
  },
];
