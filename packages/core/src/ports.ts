import type { Heartbeat } from "./heartbeat.js";
import type { DeadLetterStore, Fleet, RunningSteps } from "./work-ports.js";

/** How often callers asked a pool for a connection, since the process began, and how long they waited. */
export interface AcquireStatistics {
  /** Connections that callers were given. */
  readonly total: number;
  /** Of these, the ones that took 100 ms or longer. */
  readonly slow: number;
  /** How often a caller got none, because the pool refused it or could not connect. */
  readonly errors: number;
  /** Milliseconds that a caller waited, on average. */
  readonly averageMs: number;
  /** Milliseconds of the longest wait. */
  readonly maxMs: number;
}

/** Connections of a pool: connections, idle connections, waiting callers, and the most connections allowed. */
export interface PoolStatistics {
  /** Connections that the pool has open. */
  readonly size: number;
  /** Idle connections in the pool. */
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  /** The most connections that the pool opens. */
  readonly max: number;
  /** How callers got their connections. @default not counted: answers say 0 */
  readonly acquires?: AcquireStatistics | undefined;
}

/** The worker's database. */
export interface Database {
  /**
   * Resolves when the database has answered one trivial statement on a connection of the worker's own pool.
   * @param signal - aborted when the ping is abandoned: release its resources, and destroy its connection.
   */
  ping(signal: AbortSignal): Promise<void>;
  /** Null if the driver does not report its pool. */
  pool(): PoolStatistics | null;
}

/** One queue's numbers. They are null if they could not be read; `state` says why. Ages in seconds. */
export interface QueueStatistics {
  readonly namespace: string;
  readonly queue_name: string;
  /** `timed_out` means that there was no time to read it, and says nothing about the queue itself. */
  readonly state: "readable" | "missing" | "forbidden" | "failed" | "timed_out";
  /** Messages in the queue, invisible ones included. */
  readonly depth: number | null;
  /** Messages that a worker could claim now. */
  readonly visible_depth: number | null;
  /** Seconds since the oldest message was sent. */
  readonly oldest_message_age_seconds: number | null;
  /** Seconds since the oldest message that a worker could claim now was sent. */
  readonly oldest_visible_age_seconds: number | null;
  /** True if the depth exceeds the limit of exact counting and is the planner's estimate. */
  readonly depth_estimated: boolean;
}

/** The queues that this worker reads. */
export interface MessageQueues {
  /** The numbers of all queues. Rejects if they cannot be read at all, or not in time. @param signal - aborted when no caller waits any more. */
  statistics(signal: AbortSignal): Promise<readonly QueueStatistics[]>;
}

/** Claims that the database currently refuses, for example because a right is missing or it is read-only. */
export interface ClaimRefusals {
  /** How many queues the worker claims from. */
  readonly queues: number;
  /** Of these, the queues whose last claim was refused. */
  readonly refused: number;
  /** For how many milliseconds claims were tried and none succeeded; 0 while there is no reason to try. */
  readonly without_success_ms: number;
  /** The error of the last refusal. Answers name its kind and show nothing else of it. */
  readonly error: unknown;
}

/** Outcomes of one kind that the database currently refuses to write to one queue. */
export interface RefusedOutcomes {
  /** The queue to which they cannot be written. */
  readonly queue_name: string;
  /** The kind of outcome. */
  readonly outcome: `${"completions" | "retries" | "dead letters"}${"" | " with events"}`;
  /** How many outcomes wait because of it. */
  readonly waiting: number;
  /** The error of the last refusal. Answers name its kind and show nothing else of it. */
  readonly error: unknown;
}

/**
 * Outcomes of steps that the database currently refuses, for example because a right is missing or a table was
 * dropped.
 */
export interface OutcomeRefusals {
  /** At least one. */
  readonly refused: readonly RefusedOutcomes[];
  /** For how many milliseconds nothing of a refused kind, and nothing of a queue without refusals, was written. */
  readonly without_success_ms: number;
}

/** The part that claims and runs steps, by Tasker's name for it. */
export interface CommandProcessor {
  /** Whether it claims steps: `paused` until it is resumed, `stopped` while its claim loop does not run. */
  state(): "running" | "paused" | "stopped";
  /** The claim loop beats it on every pass; null without such a loop. */
  readonly heartbeat: Pick<Heartbeat, "ageMs"> | null;
  /** `overdue` counts slots whose step is past its time-out and grace; null if there are no slots. */
  slots(): { readonly total: number; readonly busy: number; readonly overdue: number } | null;
  /**
   * Null while no claim is refused. An unreachable database is left to the check of the database.
   * @default none: claims then never make the processor degraded or unhealthy
   */
  readonly refusals?: (() => ClaimRefusals | null) | undefined;
  /**
   * Null while no outcome is refused. An unreachable database is left to the check of the database.
   * @default none: outcomes then never make the processor degraded or unhealthy
   */
  readonly outcomeRefusals?: (() => OutcomeRefusals | null) | undefined;
  /** Claims no more steps; running steps go on. @default it cannot be paused */
  readonly pause?: (() => void) | undefined;
  /** Claims steps again. @default it cannot be resumed */
  readonly resume?: (() => void) | undefined;
}

/** How the worker learns of new messages, by Tasker's name for it. */
export interface EventSystem {
  /** `connected`: it listens, and notifications have been seen to arrive. */
  listener(): "connected" | "down" | "not_used";
  /** Whether queues are polled: `down` if the polling loop has stopped. */
  poller(): "alive" | "down" | "not_used";
  /** Queues from which no notification has arrived yet: only polling finds their messages. @default none */
  readonly pollOnlyQueues?: (() => readonly string[]) | undefined;
}

/** Counts of events by how they were routed. */
export interface RouterCounts {
  /** Events routed, by any route. */
  readonly total_routed: number;
  /** Events routed to the queue of domain events. */
  readonly durable_routed: number;
  /** Events routed to the in-process bus. */
  readonly fast_routed: number;
  /** Events routed to both. */
  readonly broadcast_routed: number;
  /** Deliveries on the in-process bus that failed. */
  readonly fast_delivery_errors: number;
  /** Events that could not be routed. */
  readonly routing_errors: number;
}

/** Counts of events on the in-process bus: `rust_*` are the worker's own handlers, `ffi_*` subscribers across the bridge. */
export interface BusCounts {
  /** Events that the bus received. */
  readonly total_events_dispatched: number;
  /** Deliveries to the worker's own handlers. */
  readonly rust_handler_dispatches: number;
  /** Deliveries to subscribers across the bridge, excluding dropped events. */
  readonly ffi_channel_dispatches: number;
  /** Deliveries that one of the worker's own handlers failed. */
  readonly rust_handler_errors: number;
  /** Events for which a subscriber across the bridge had no room. */
  readonly ffi_channel_drops: number;
  /** Patterns that the worker's own handlers subscribe to. */
  readonly rust_subscriber_patterns: number;
  /** The worker's own handlers. */
  readonly rust_handler_count: number;
  /** Subscribers across the bridge. */
  readonly ffi_subscriber_count: number;
}

/** Events by delivery and result. */
export interface DeliveryCount {
  /** How the event was delivered: `broadcast` means both other ways. */
  readonly delivery: "durable" | "fast" | "broadcast";
  /** The result: `dropped` if a subscriber had no room. */
  readonly outcome: "delivered" | "failed" | "dropped";
  /** Deliveries since the worker started. */
  readonly count: number;
}

/** The domain events that steps publish. */
export interface DomainEvents {
  /** The counts since the worker started. */
  statistics(): {
    readonly router: RouterCounts;
    readonly in_process_bus: BusCounts;
    readonly deliveries: readonly DeliveryCount[];
  };
}

/** The circuit breakers of the worker and of its application. */
export interface CircuitBreakers {
  /** Every breaker with its state, in any order. */
  states(): readonly { readonly name: string; readonly state: "closed" | "half_open" | "open" }[];
}

/** Bounded buffers, with how full they are. */
export interface Channels {
  /** Every buffer with its `length` and `capacity`, both in items. */
  levels(): readonly {
    readonly channel_name: string;
    readonly component: string;
    readonly length: number;
    readonly capacity: number;
  }[];
}

/** What a worker, or the application in its place, exposes to the services. All optional: a missing port has no check and no metric family. */
export interface Ports {
  readonly database: Database;
  readonly queues: MessageQueues;
  /** The dead-letter queues. */
  readonly deadLetters: MessageQueues;
  readonly commandProcessor: CommandProcessor;
  readonly eventSystem: EventSystem;
  readonly domainEvents: DomainEvents;
  readonly circuitBreakers: CircuitBreakers;
  readonly channels: Channels;
  readonly runningSteps: RunningSteps;
  readonly deadLetterStore: DeadLetterStore;
  /** The workers that share the database. */
  readonly fleet: Fleet;
}

/** The ports' names. The compiler notices if one is missing. */
export const portNames: readonly string[] = Object.keys({
  database: true,
  queues: true,
  deadLetters: true,
  commandProcessor: true,
  eventSystem: true,
  domainEvents: true,
  circuitBreakers: true,
  channels: true,
  runningSteps: true,
  deadLetterStore: true,
  fleet: true,
} satisfies Record<keyof Ports, true>);
