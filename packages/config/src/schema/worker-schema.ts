import {
  choice,
  count,
  flag,
  milliseconds,
  namespaceList,
  ratio,
  seconds,
  table,
  text,
  wholeNumber,
  annotate,
  bucketBounds,
} from "./field-kinds.js";
import { filePath, socketPath } from "./file-paths.js";
import { pushSchema } from "./push-schema.js";
import { webSchema } from "./web-schema.js";

const handlerDispatch = table({
  max_concurrent_handlers: count(10, "handlers", "How many steps the worker runs at once.", {
    max: 10_000,
  }),
  handler_timeout_ms: milliseconds(
    30_000,
    "How long a handler may run if its step sets no time-out.",
  ),
  dispatch_buffer_size: count(
    1_000,
    "steps",
    "The most steps in flight: claimed ahead, running, or with an outcome not yet written. At this number the worker claims nothing.",
    { max: 1_000_000 },
  ),
});

const fallbackPoller = table({
  polling_interval_ms: milliseconds(
    1_000,
    "How often the worker polls a queue for steps. It polls queues whose inserts notify every 5 s, or at this interval if it is longer.",
  ),
  batch_size: count(
    20,
    "messages",
    "The most steps that the first claim takes from a queue on which nothing is known to wait. If it takes that many, the next claim takes as many as the worker can soon start.",
    { max: 10_000 },
  ),
  supported_namespaces: namespaceList("The older name of `worker.namespaces`."),
});

const eventSystems = table({
  worker: table({
    timing: table({
      visibility_timeout_seconds: seconds(
        30,
        "How long a claimed step stays hidden from other workers. The worker renews this while the handler runs.",
      ),
    }),
    metadata: table({ fallback_poller: fallbackPoller }),
  }),
});

const errorRate = table({
  window_seconds: seconds(300, "The sliding window over which step errors are counted.", {
    max: 86_400,
  }),
  min_samples: count(20, "steps", "With fewer steps in the window, the rate is ignored."),
  degraded: ratio(0.05, {
    description: "The share of failed steps from which step_processing is degraded.",
    fallback: "worker.health_monitoring.error_rate_threshold",
  }),
  unhealthy: ratio(0.15, {
    description: "The share of failed steps from which step_processing is unhealthy.",
  }),
});

const health = table({
  check_timeout_ms: annotate(
    wholeNumber({ min: 1, max: 600_000 }, "milliseconds").nullable().default(null),
    {
      description:
        "How long one check may take. Default: 900 for readiness checks, 2000 for the others.",
      unit: "ms",
    },
  ),
  cache_ttl_ms: milliseconds(
    1_000,
    "How long a check's result is shared. With 0, callers still share a running check.",
    { min: 0 },
  ),
  stall_after_ms: milliseconds(
    30_000,
    "A claim loop that has not ticked for this long has stalled. A worker whose claims or outcomes are refused for this long is not ready.",
  ),
  slow_ms: milliseconds(500, "A database that takes longer to answer is degraded."),
  max_age_seconds: seconds(300, "A queue whose oldest visible message is older is degraded."),
  pool_dead_after_ms: milliseconds(
    60_000,
    "Liveness fails if the pool has failed for this long while the database answered other connections.",
  ),
  error_rate: errorRate,
});

/** `[worker]`: one worker process. */
export const workerSchema = table({
  worker_id: text(
    "",
    "The worker's id, used unchanged. Empty: the host's name, followed by PM2's `NODE_APP_INSTANCE`. Set one if a host runs several workers, and keep it across restarts.",
    /^(?!\s+$)[^\p{Cc}]{0,200}$/u,
    "must be at most 200 printable characters, not only spaces",
  ),
  version: text(
    "",
    "Your application's version, for metrics and health. Empty: the version of the worker's package.",
    /^(?!\s+$)[^\p{Cc}]{0,100}$/u,
    "must be at most 100 printable characters, not only spaces",
  ),
  worker_type: text(
    "general",
    "What kind of worker this is; a label of its metrics.",
    /^(?!\s+$)[^\p{Cc}]{1,100}$/u,
    "must be 1 to 100 printable characters, not only spaces",
  ),
  namespaces: namespaceList(
    "The namespaces that the worker serves. Empty: those of the loaded templates.",
    "worker.event_systems.worker.metadata.fallback_poller.supported_namespaces",
  ),
  unknown_step_give_back_seconds: seconds(
    600,
    "How long workers give back a step whose template, step or handler they lack, without using up an attempt, before it becomes a dead letter. 0: immediately.",
    { min: 0 },
  ),
  notifications: choice(
    ["auto", "off"],
    "auto",
    "How workers learn of new steps besides polling. `auto`: the worker listens, and queues that it creates get a trigger that costs senders nothing (other queues: `tasker-worker notifications install`). `off`: polling alone.",
  ),
  mpsc_channels: table({ handler_dispatch: handlerDispatch }),
  event_systems: eventSystems,
  health_monitoring: table({
    error_rate_threshold: ratio(0.05, {
      description: "The older name of `worker.health.error_rate.degraded`.",
    }),
  }),
  health,
  shutdown: table({
    drain_timeout_ms: milliseconds(
      30_000,
      "How long running steps may take to finish when the worker stops.",
      { min: 0 },
    ),
  }),
  templates: table({
    cache_max_entries: count(1_000, "templates", "How many templates the cache keeps.", {
      max: 1_000_000,
    }),
    cache_ttl_seconds: seconds(
      300,
      "How long the cache serves a template before it asks the source again. Only a refresh, or watching, reads files again.",
    ),
    watch_interval_seconds: seconds(
      0,
      "How often the worker checks the template files for changes. 0: never. A new namespace needs a restart.",
      { min: 0 },
    ),
  }),
  log: table({
    level: choice(
      ["debug", "info", "warn", "error"],
      "${TASKER_LOG_LEVEL:-info}",
      "The lowest level that `tasker-worker` logs; its option `--log-level` wins.",
    ),
    format: choice(
      ["auto", "json", "text"],
      "auto",
      "How `tasker-worker` logs. `auto`: short lines if standard error is a terminal, else one JSON object per line. `text` colors its lines on a terminal, unless `NO_COLOR` is set.",
    ),
  }),
  metrics: table({
    node_metrics: flag(
      true,
      "Whether metrics include the process's own: CPU, memory, heap, garbage collection, event-loop lag.",
    ),
    collector_timeout_ms: milliseconds(
      2_000,
      "How long one collector may take before a scrape continues without it.",
    ),
    cache_ttl_ms: milliseconds(0, "How long a collector's result is shared between scrapes.", {
      min: 0,
    }),
    duration_buckets_seconds: bucketBounds(
      "Upper bounds of the histogram of step durations, ascending. Left out: 0.005 to 300 in 14 steps.",
    ),
    wait_buckets_seconds: bucketBounds(
      "Upper bounds of the histogram of step waits, ascending. Left out: 0.005 to 1800 in 14 steps.",
    ),
    push: pushSchema,
  }),
  fleet: table({
    enabled: flag(
      true,
      "Whether the worker reports itself to the fleet, in the database that it works on: one row, every ten seconds.",
    ),
  }),
  web: webSchema,
  bridge: table({
    socket_path: socketPath(
      "A Unix socket for callers in other processes and languages. Empty: none.",
    ),
    writes_enabled: flag(
      false,
      "Whether the socket offers writes. In process they are always available.",
    ),
    heartbeat_file: filePath(
      "A file that a live worker writes every 5 s, and when it becomes ready or drains. Empty: none.",
    ),
  }),
});
