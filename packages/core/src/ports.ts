import type { Heartbeat } from "./heartbeat.js";

/** Connections of a pool: connections, idle connections, waiting callers, and the most connections allowed. */
export interface PoolStatistics {
  readonly size: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/** The worker's database. */
export interface Database {
  /**
   * Resolves when the database has answered one trivial statement on a connection of the worker's own pool.
   * @param signal - aborted when the ping is abandoned: free what it holds, and destroy its connection.
   */
  ping(signal: AbortSignal): Promise<void>;
  /** Null where the driver has no numbers of its pool. */
  pool(): PoolStatistics | null;
}

/** One queue's numbers; null where they could not be read, `state` says why. Ages in seconds. */
export interface QueueStatistics {
  readonly namespace: string;
  readonly queue_name: string;
  /** `timed_out` says that there was no time to read it, and nothing of the queue itself. */
  readonly state: "readable" | "missing" | "forbidden" | "failed" | "timed_out";
  readonly depth: number | null;
  readonly visible_depth: number | null;
  readonly oldest_message_age_seconds: number | null;
  readonly oldest_visible_age_seconds: number | null;
  /** True where a depth passed the bound of exact counting and is the planner's estimate. */
  readonly depth_estimated: boolean;
}

/** The queues that this worker reads. */
export interface MessageQueues {
  statistics(signal: AbortSignal): Promise<readonly QueueStatistics[]>;
}

/** Claims that the database refuses now, for example because a right is missing or it is read-only. */
export interface ClaimRefusals {
  /** How many queues are claimed from. */
  readonly queues: number;
  /** Of these, those whose last claim was refused. */
  readonly refused: number;
  /** Milliseconds for which claims were tried and none succeeded; 0 while there is no reason to try. */
  readonly without_success_ms: number;
  /** What the last refusal threw: its kind is named, and nothing else of it is shown. */
  readonly error: unknown;
}

/** Outcomes of one kind that the database refuses to write to one queue at present. */
export interface RefusedOutcomes {
  readonly queue_name: string;
  readonly outcome: `${"completions" | "retries" | "dead letters"}${"" | " with events"}`;
  /** How many wait because of it. */
  readonly waiting: number;
  /** What the last refusal threw: its kind is named, and nothing else of it is shown. */
  readonly error: unknown;
}

/** Outcomes of steps that the database refuses now, for example because a right is missing or a table was dropped. */
export interface OutcomeRefusals {
  /** At least one. */
  readonly refused: readonly RefusedOutcomes[];
  /** Milliseconds for which no outcome of a refused kind was written, nor any of a queue of which none is refused. */
  readonly without_success_ms: number;
}

/** What claims steps and runs them. */
export interface CommandProcessor {
  state(): "running" | "paused" | "stopped";
  /** Beaten by the claim loop on every pass; null without such a loop. */
  readonly heartbeat: Pick<Heartbeat, "ageMs"> | null;
  /** `overdue` counts slots whose step is past its time-out and grace; null where there are no slots. */
  slots(): { readonly total: number; readonly busy: number; readonly overdue: number } | null;
  /**
   * Null while no claim is refused. An unreachable database is left to the check of the database.
   * @default none: a processor without it is never found degraded or unhealthy by its claims
   */
  readonly refusals?: (() => ClaimRefusals | null) | undefined;
  /**
   * Null while no outcome is refused. An unreachable database is left to the check of the database.
   * @default none: a processor without it is never found degraded or unhealthy by its outcomes
   */
  readonly outcomeRefusals?: (() => OutcomeRefusals | null) | undefined;
}

/** How the worker learns of new messages. */
export interface EventSystem {
  /** `connected`: it listens, and notifications have been seen to arrive. */
  listener(): "connected" | "down" | "not_used";
  poller(): "alive" | "down" | "not_used";
  /** Queues of which no notification has been seen to arrive: polling alone finds their messages. @default none */
  readonly polledQueues?: (() => readonly string[]) | undefined;
}

/** Counts of events by how they were routed. */
export interface RouterCounts {
  readonly total_routed: number;
  readonly durable_routed: number;
  readonly fast_routed: number;
  readonly broadcast_routed: number;
  readonly fast_delivery_errors: number;
  readonly routing_errors: number;
}

/** Counts of events on the in-process bus: `rust_*` are the worker's own handlers, `ffi_*` subscribers across the bridge. */
export interface BusCounts {
  readonly total_events_dispatched: number;
  readonly rust_handler_dispatches: number;
  readonly ffi_channel_dispatches: number;
  readonly rust_handler_errors: number;
  readonly ffi_channel_drops: number;
  readonly rust_subscriber_patterns: number;
  readonly rust_handler_count: number;
  readonly ffi_subscriber_count: number;
}

/** Events by how they were to be delivered and what came of it. */
export interface DeliveryCount {
  readonly delivery: "durable" | "fast" | "broadcast";
  readonly outcome: "delivered" | "failed" | "dropped";
  readonly count: number;
}

/** The domain events that steps publish. */
export interface DomainEvents {
  statistics(): {
    readonly router: RouterCounts;
    readonly in_process_bus: BusCounts;
    readonly deliveries: readonly DeliveryCount[];
  };
}

/** The circuit breakers of the worker and of its application. */
export interface CircuitBreakers {
  states(): readonly { readonly name: string; readonly state: "closed" | "half_open" | "open" }[];
}

/** Bounded buffers, with how full they are. */
export interface Channels {
  levels(): readonly {
    readonly channel_name: string;
    readonly component: string;
    readonly length: number;
    readonly capacity: number;
  }[];
}

/** What a check found, as metrics read it. */
export type HealthStatus = "healthy" | "degraded" | "unhealthy";

/** Where metrics learn of health: a HealthService is one. */
export interface HealthSource {
  statuses(signal: AbortSignal): Promise<Readonly<Record<string, HealthStatus>>>;
}

/** Where metrics learn of the template cache: a TemplateService is one. */
export interface TemplateCacheSource {
  counts(): {
    readonly entries: number;
    readonly hits: number;
    readonly misses: number;
    readonly evictions: number;
  };
}

/** What a worker, or the application in its place, exposes to the services. All optional: no port, no check, no family. */
export interface Ports {
  readonly database: Database;
  readonly queues: MessageQueues;
  readonly commandProcessor: CommandProcessor;
  readonly eventSystem: EventSystem;
  readonly domainEvents: DomainEvents;
  readonly circuitBreakers: CircuitBreakers;
  readonly channels: Channels;
}
