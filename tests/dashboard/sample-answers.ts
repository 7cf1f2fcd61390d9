// Answers in the shapes of the operations, for what is hard to bring about with a live worker.

const healthy = {
  status: "healthy",
  message: "running, 0 of 10 slots busy",
  duration_ms: 1,
  criticality: "required",
  cached: false,
};

export function health(uptimeSeconds = 100) {
  const timestamp = new Date().toISOString();
  return {
    status: "healthy",
    timestamp,
    worker_id: "sample-1",
    checks: { command_processor: { ...healthy, last_checked: timestamp } },
    system_info: {
      version: "1.2.3",
      environment: "test",
      uptime_seconds: uptimeSeconds,
      worker_type: "general",
      supported_namespaces: ["orders"],
    },
  };
}

const numbers = (namespace: string, depth: number, age: number) => ({
  namespace,
  queue_name: `${namespace}_queue`,
  state: "readable",
  depth,
  visible_depth: depth,
  oldest_message_age_seconds: age,
  oldest_visible_age_seconds: age,
  depth_estimated: depth > 10_000,
});

export function queues(depth: number) {
  const rates = { steps_per_second: 12.5, failed_per_second: 0.2 };
  return {
    queues: [
      { ...numbers("orders", depth, 95), ...rates },
      { ...numbers("notifications", 0, 0), ...rates, failed_per_second: 0 },
    ],
    dead_letters: [numbers("orders", 3, 4_000), numbers("notifications", 0, 0)],
  };
}

export function deadLetters(count = 3) {
  return {
    dead_letters: Array.from({ length: count }, (_, index) => ({
      namespace: "orders",
      id: String(90 - index),
      dead_lettered_at: new Date(Date.now() - index * 60_000).toISOString(),
      attempts: 3,
      template: "process_order",
      step: "charge_customer",
      step_id: `step-${index}`,
      code: index === 0 ? "step_timeout" : "step_failed",
      message:
        index === 1
          ? `The gateway said no. ${"Why, nobody knows. ".repeat(20)}`
          : "The gateway said no.",
    })),
    limit: 50,
    next_before: null,
  };
}

export function runningSteps() {
  const step = {
    ...{ namespace: "orders", template: "process_order", step: "charge_customer" },
    ...{ max_attempts: 5, timeout_ms: 20_000 },
  };
  return {
    steps: [
      {
        ...step,
        step_id: "slow",
        message_id: "7",
        attempt: 2,
        running_ms: 31_000,
        is_overdue: true,
      },
      {
        ...step,
        step_id: "quick",
        message_id: "8",
        attempt: 1,
        running_ms: 120,
        is_overdue: false,
      },
    ].map((each) => ({
      ...each,
      started_at: new Date(Date.now() - each.running_ms).toISOString(),
    })),
    total: 2,
    limit: 100,
  };
}

/** A page of a fleet of 1000 workers, of which each hundredth is lost. */
export function fleet(query: URLSearchParams) {
  const offset = Number(query.get("offset"));
  const limit = Number(query.get("limit"));
  const state = query.get("state");
  const all = Array.from({ length: 1_000 }, (_, index) => fleetWorker(index));
  const found = all.filter((worker) => state === null || worker.state === state);
  return {
    workers: found.slice(offset, offset + limit),
    total: found.length,
    limit,
    offset,
    counts: { starting: 0, running: 990, paused: 0, draining: 0, lost: 10 },
    duplicate_worker_ids: ["worker-7"],
  };
}

function fleetWorker(index: number) {
  const isLost = index % 100 === 99;
  const reported = Date.now() - (isLost ? 90_000 : 2_000);
  return {
    instance_id: `instance-${index}`,
    worker_id: `worker-${index}`,
    ...{ worker_type: "general", version: "1.2.3", observability_version: "0.1.0" },
    ...{ host: `node-${index % 7}`, pid: 1_000 + index, namespaces: ["orders", "notifications"] },
    state: isLost ? "lost" : "running",
    status: index % 50 === 0 ? "unhealthy" : "healthy",
    checks:
      index % 50 === 0 ? { database: { status: "unhealthy", message: "connection refused" } } : {},
    slots: { total: 10, busy: index % 10, overdue: 0 },
    ...{ steps_per_second: 3.25, failed_per_second: 0, event_loop_lag_ms: 4, rss_bytes: 118e6 },
    url: index % 2 === 0 ? `http://10.0.0.${index % 250}:8081` : null,
    started_at: new Date(reported - 3_600_000).toISOString(),
    reported_at: new Date(reported).toISOString(),
    report_age_seconds: isLost ? 90 : 2,
  };
}

/** A page of 10 000 templates. */
export function templates(query: URLSearchParams) {
  const offset = Number(query.get("offset") ?? 0);
  const limit = Number(query.get("limit"));
  const length = Math.min(limit, 10_000 - offset);
  return {
    supported_namespaces: ["orders"],
    template_count: 10_000,
    templates: Array.from({ length }, (_, index) => ({
      namespace: "orders",
      name: `order_${offset + index}`,
      version: "1.0.0",
      description: null,
      step_count: 3,
    })),
    next_offset: offset + length < 10_000 ? offset + length : null,
    cache_stats: null,
    worker_capabilities: [],
  };
}
