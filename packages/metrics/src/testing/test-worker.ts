import {
  type Clock,
  createWorkerContext,
  type Logger,
  type Ports,
  type QueueStatistics,
  type WorkerContext,
  type WorkerContextOptions,
} from "@tasker-observability/core";
import type { MetricsServiceOptions } from "../service-options.js";

/** A readable queue, for tests to change one thing of. */
export function queueStatistics(changes: Partial<QueueStatistics> = {}): QueueStatistics {
  return {
    namespace: "orders",
    queue_name: "orders_queue",
    state: "readable",
    depth: 12,
    visible_depth: 5,
    oldest_message_age_seconds: 40,
    oldest_visible_age_seconds: 30,
    depth_estimated: false,
    ...changes,
  };
}

/** Every port that collectors read, with numbers that all differ. */
export const allPorts: Partial<Ports> = {
  database: {
    ping: () => Promise.resolve(),
    pool: () => ({ size: 7, idle: 4, waiting: 2, max: 10 }),
  },
  queues: {
    statistics: () =>
      Promise.resolve([
        queueStatistics(),
        queueStatistics({ namespace: "payments", depth: 100_000, depth_estimated: true }),
      ]),
  },
  fleet: {
    list: async () => ({
      workers: [],
      total: 1,
      counts: { starting: 0, running: 1, paused: 0, draining: 0, lost: 0 },
      duplicate_worker_ids: [],
    }),
  },
  deadLetters: {
    statistics: () =>
      Promise.resolve([
        queueStatistics({ queue_name: "orders_dead_letter", depth: 2 }),
        queueStatistics({ namespace: "payments", queue_name: "payments_dead_letter", depth: 1 }),
      ]),
  },
  channels: {
    levels: () => [{ channel_name: "dispatch", component: "worker", length: 85, capacity: 100 }],
  },
  domainEvents: {
    statistics: () => ({
      router: {
        total_routed: 6,
        durable_routed: 1,
        fast_routed: 2,
        broadcast_routed: 3,
        fast_delivery_errors: 4,
        routing_errors: 5,
      },
      in_process_bus: {
        total_events_dispatched: 10,
        rust_handler_dispatches: 11,
        ffi_channel_dispatches: 12,
        rust_handler_errors: 13,
        ffi_channel_drops: 14,
        rust_subscriber_patterns: 15,
        rust_handler_count: 16,
        ffi_subscriber_count: 17,
      },
      deliveries: [
        { delivery: "durable", outcome: "delivered", count: 9 },
        { delivery: "fast", outcome: "dropped", count: 1 },
      ],
    }),
  },
  circuitBreakers: {
    states: () => [
      { name: "completion", state: "closed" },
      { name: "payments api", state: "open" },
    ],
  },
};

/** The services beside the ports that metrics read. */
export const allSources = {
  health: {
    statuses: () =>
      Promise.resolve({
        database: "healthy",
        event_system: "degraded",
        queue_processing: "unhealthy",
      }),
  },
  templateCache: { counts: () => ({ entries: 3, hits: 20, misses: 4, evictions: 1 }) },
} satisfies Pick<MetricsServiceOptions, "health" | "templateCache">;

/** A context on a clock that tests turn, with what it logged. */
export interface TestWorker<C extends Clock = Clock> {
  readonly context: WorkerContext;
  readonly clock: C;
  readonly logged: {
    readonly level: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>> | undefined;
  }[];
}

export function createTestWorker<C extends Clock>(
  clock: C,
  options: WorkerContextOptions = {},
): TestWorker<C> {
  const logged: TestWorker["logged"] = [];
  const logger: Logger = (level, message, fields) => {
    logged.push({ level, message, fields });
  };
  return {
    context: createWorkerContext({
      workerId: "orders-1",
      version: "1.2.3",
      clock,
      logger,
      ...options,
    }),
    clock,
    logged,
  };
}
