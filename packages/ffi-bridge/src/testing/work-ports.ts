import type { FleetWorker, Ports, QueueStatistics } from "@tasker-observability/core";

const at = "2025-01-01T00:00:00.000Z";

const worker: FleetWorker = {
  instance_id: "8a6f",
  worker_id: "sample-1",
  worker_type: "general",
  version: "1.2.3",
  observability_version: "0.1.0",
  host: "node-1",
  pid: 17,
  namespaces: ["payments"],
  state: "running",
  status: "healthy",
  checks: { database: { status: "healthy", message: null } },
  slots: { total: 4, busy: 1, overdue: 0 },
  steps_per_second: 2.5,
  failed_per_second: 0,
  event_loop_lag_ms: 1.5,
  rss_bytes: 60_000_000,
  url: null,
  started_at: at,
  reported_at: at,
  report_age_seconds: 3,
};

const queue: QueueStatistics = {
  namespace: "payments",
  queue_name: "payments_queue",
  state: "readable",
  depth: 2,
  visible_depth: 1,
  oldest_message_age_seconds: 3,
  oldest_visible_age_seconds: 3,
  depth_estimated: false,
};

const deadLetters: QueueStatistics = { ...queue, queue_name: "payments_dead_letter" };

/** What the sample worker has to do, and how it can be changed. */
export const workPorts = {
  queues: { statistics: async () => [queue] },
  deadLetters: { statistics: async () => [deadLetters] },
  commandProcessor: {
    state: () => "running",
    heartbeat: null,
    slots: () => ({ total: 4, busy: 1, overdue: 0 }),
    pause: () => undefined,
    resume: () => undefined,
  },
  runningSteps: {
    list: () => ({
      steps: [
        {
          namespace: "payments",
          template: "charge",
          step: "capture",
          step_id: "s-1",
          message_id: "41",
          attempt: 1,
          max_attempts: 3,
          started_at: at,
          running_ms: 12,
          timeout_ms: 30_000,
          is_overdue: false,
        },
      ],
      total: 1,
    }),
  },
  deadLetterStore: {
    list: async () => ({
      dead_letters: [
        {
          namespace: "payments",
          id: "7",
          dead_lettered_at: at,
          attempts: 3,
          template: "charge",
          step: "capture",
          step_id: "s-0",
          code: "step_failed",
          message: "The card was refused.",
        },
      ],
      next_before: null,
    }),
    redrive: async () => ({ count: 1, missing_ids: [] }),
    purge: async ({ ids = [] }) => ({ count: 1, missing_ids: ids.filter((id) => id !== "7") }),
  },
  fleet: {
    list: async () => ({
      workers: [worker],
      total: 1,
      counts: { starting: 0, running: 1, paused: 0, draining: 0, lost: 0 },
      duplicate_worker_ids: [],
    }),
  },
} as const satisfies Partial<Ports>;
