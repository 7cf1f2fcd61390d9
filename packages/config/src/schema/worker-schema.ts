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
    "How long a handler may run where its step sets no time-out.",
  ),
  dispatch_buffer_size: count(
    1_000,
    "steps",
    "How many claimed steps may wait for a handler; a full buffer stops claiming.",
    { max: 1_000_000 },
  ),
});

const fallbackPoller = table({
  polling_interval_ms: milliseconds(
    1_000,
    "How often the poller looks for steps when no notification comes.",
  ),
  batch_size: count(
    20,
    "messages",
    "The most steps that a poll claims from a queue on which nothing is known to wait. If it comes back full, the next claim takes as many as the worker can soon start.",
    { max: 10_000 },
  ),
  supported_namespaces: namespaceList("The older place of `worker.namespaces`."),
});

const eventSystems = table({
  worker: table({
    timing: table({
      visibility_timeout_seconds: seconds(
        30,
        "How long a claimed step stays hidden from other workers; renewed while its handler runs.",
      ),
    }),
    metadata: table({ fallback_poller: fallbackPoller }),
  }),
});

const errorRate = table({
  window_seconds: seconds(300, "The sliding window over which step errors are counted.", {
    max: 86_400,
  }),
  min_samples: count(20, "steps", "With fewer steps in the window the rate is ignored."),
  degraded: ratio(0.05, {
    description: "A share of failed steps from which step_processing is degraded.",
    fallback: "worker.health_monitoring.error_rate_threshold",
  }),
  unhealthy: ratio(0.15, {
    description: "A share of failed steps from which step_processing is unhealthy.",
  }),
});

const health = table({
  check_timeout_ms: annotate(
    wholeNumber({ min: 1, max: 600_000 }, "milliseconds").nullable().default(null),
    {
      description:
        "How long one check may take. Left out: 900 for the checks of readiness, 2000 for the others.",
      unit: "ms",
    },
  ),
  cache_ttl_ms: milliseconds(
    1_000,
    "How long a check's result is shared; 0 still shares a running check.",
    { min: 0 },
  ),
  stall_after_ms: milliseconds(
    30_000,
    "A claim loop that has not ticked for this long has stalled; one whose claims or outcomes are refused for this long is not ready.",
  ),
  slow_ms: milliseconds(500, "A database that answers more slowly is degraded."),
  max_age_seconds: seconds(300, "A queue whose oldest visible message is older is degraded."),
  pool_dead_after_ms: milliseconds(
    60_000,
    "A pool that has handed out no connection for this long is dead, and so is the worker.",
  ),
  error_rate: errorRate,
});

/** `[worker]`: one worker process. */
export const workerSchema = table({
  worker_id: text(
    "",
    "The worker's id, used as it is. Empty: the host's name, with PM2's `NODE_APP_INSTANCE` behind it. Set one where a host runs several workers, and keep it across restarts.",
    /^(?!\s+$)[^\p{Cc}]{0,200}$/u,
    "must be at most 200 printable characters, not only spaces",
  ),
  version: text(
    "",
    "Your application's version, for metrics and health. Empty: that of the worker's package.",
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
    "The template namespaces that it serves. None: those of the loaded templates.",
    "worker.event_systems.worker.metadata.fallback_poller.supported_namespaces",
  ),
  unknown_step_give_back_seconds: seconds(
    600,
    "How long a step whose template, step or handler no worker has is given back to its queue, without using up an attempt, before it is a dead letter. 0: it becomes a dead letter immediately.",
    { min: 0 },
  ),
  notifications: choice(
    ["auto", "off"],
    "auto",
    "How workers learn of new steps besides polling. `auto`: listens for inserts, and has inserts into queues that the worker creates notify, which costs senders nothing; for other queues: `tasker-worker notifications install`. `off`: polling alone.",
  ),
  mpsc_channels: table({ handler_dispatch: handlerDispatch }),
  event_systems: eventSystems,
  health_monitoring: table({
    error_rate_threshold: ratio(0.05, {
      description: "The older place of `worker.health.error_rate.degraded`.",
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
      "How long a cached template is served before its source is asked again. Files are read again only by a refresh or by watching them.",
    ),
    watch_interval_seconds: seconds(
      0,
      "How often the template files are checked for changes, instead of a restart or a refresh. 0: never. A namespace that is new is served after a restart.",
      { min: 0 },
    ),
  }),
  metrics: table({
    node_metrics: flag(
      true,
      "Whether the process's own metrics are there: CPU, memory, heap, garbage collection, event-loop lag.",
    ),
    collector_timeout_ms: milliseconds(
      2_000,
      "How long one collector may take before a scrape continues without it.",
    ),
    cache_ttl_ms: milliseconds(0, "How long a collector's result is shared between scrapes.", {
      min: 0,
    }),
    push: pushSchema,
  }),
  web: webSchema,
  bridge: table({
    socket_path: socketPath(
      "A Unix socket for callers in other processes and languages. Empty: none.",
    ),
    writes_enabled: flag(
      false,
      "Whether the socket offers the writes. In process they are always there.",
    ),
    heartbeat_file: filePath(
      "A file that is written every 5 s, and when the worker becomes ready or drains, while it is alive. Empty: none.",
    ),
  }),
});
