import type { HealthStatus } from "./health-status.js";

/** A step that a handler runs now. */
export interface RunningStep {
  readonly namespace: string;
  readonly template: string;
  /** The step's name in its template. */
  readonly step: string;
  readonly step_id: string;
  /** The id of its message on the queue. */
  readonly message_id: string;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  readonly max_attempts: number;
  /** When its handler started: ISO 8601. */
  readonly started_at: string;
  /** Milliseconds since then. */
  readonly running_ms: number;
  /** Milliseconds after which it is aborted. */
  readonly timeout_ms: number;
  /** Whether it runs on after its time-out. */
  readonly is_overdue: boolean;
}

/** The steps that handlers run now. */
export interface RunningSteps {
  /** The longest-running first, no more than `limit`; `total` counts all. */
  list(limit: number): { readonly steps: readonly RunningStep[]; readonly total: number };
}

/** A step that failed for good. Fields are null where its message lacks them. */
export interface DeadLetter {
  readonly namespace: string;
  /** The id of its message on the queue of dead letters, as text: it may exceed what a number can represent. */
  readonly id: string;
  /** When it became a dead letter: ISO 8601. */
  readonly dead_lettered_at: string | null;
  readonly attempts: number | null;
  readonly template: string | null;
  /** The step's name in its template. */
  readonly step: string | null;
  readonly step_id: string | null;
  /** Why, as a code: `step_failed`, `step_timeout`, … */
  readonly code: string | null;
  /** Why, in words; at most 2000 characters. */
  readonly message: string | null;
}

/** Which dead letters to list. */
export interface DeadLetterQuery {
  /** @default all that the worker serves */
  readonly namespace?: string | undefined;
  /** @default any */
  readonly code?: string | undefined;
  readonly limit: number;
  /** Lists those after this place, which the page before has as `next_before`. @default the newest first */
  readonly before?: string | undefined;
}

/** Which dead letters of a namespace to change: those with these ids and this code, where given. */
export interface DeadLetterChoice {
  readonly namespace: string;
  readonly ids?: readonly string[] | undefined;
  readonly code?: string | undefined;
  /** The most to change, the oldest first. @default no limit */
  readonly limit?: number | undefined;
  /** Whether to count only what would be changed. */
  readonly dryRun: boolean;
}

/** How many dead letters were changed, or would be, and which of the ids exist no more. */
export interface DeadLetterChange {
  readonly count: number;
  readonly missing_ids: readonly string[];
}

/** The dead letters of the namespaces that the worker serves. Rejects if the database fails. */
export interface DeadLetterStore {
  /** One page, the newest first; `next_before` is null on the last. @param signal - aborted when no caller waits any more. */
  list(
    query: DeadLetterQuery,
    signal: AbortSignal,
  ): Promise<{ readonly dead_letters: readonly DeadLetter[]; readonly next_before: string | null }>;
  /** Puts their steps back on the queue, in batches that are committed one by one. */
  redrive(choice: DeadLetterChoice, signal: AbortSignal): Promise<DeadLetterChange>;
  /** Deletes them, in batches that are committed one by one. */
  purge(choice: DeadLetterChoice, signal: AbortSignal): Promise<DeadLetterChange>;
}

/** The state of a worker of the fleet: `lost` if it has not reported itself for half a minute. */
export type FleetState = "starting" | "running" | "paused" | "draining" | "lost";

/** A worker as it last reported itself. */
export interface FleetWorker {
  /** Identifies one run of the process: two processes with the same `worker_id` have different ones. */
  readonly instance_id: string;
  readonly worker_id: string;
  readonly worker_type: string;
  /** The application's version. */
  readonly version: string;
  /** The version of these packages. */
  readonly observability_version: string;
  readonly host: string;
  readonly pid: number;
  readonly namespaces: readonly string[];
  readonly state: FleetState;
  readonly status: HealthStatus;
  /** What each of its readiness checks found. */
  readonly checks: Readonly<
    Record<string, { readonly status: HealthStatus; readonly message: string | null }>
  >;
  /** Null where it has none. */
  readonly slots: {
    readonly total: number;
    readonly busy: number;
    readonly overdue: number;
  } | null;
  /**
   * Steps that ended, per second: the average over the window of the worker's step statistics (5 minutes by default), or
   * since its start if that is later.
   */
  readonly steps_per_second: number;
  /** Of these, those that were retried or failed. */
  readonly failed_per_second: number;
  /** The longest delay of its event loop since its last report, in milliseconds. */
  readonly event_loop_lag_ms: number;
  readonly rss_bytes: number;
  /** Where it answers HTTP; null where it does not. */
  readonly url: string | null;
  /** When it started, by the database's clock: ISO 8601. */
  readonly started_at: string;
  /** When it last reported itself, by the database's clock: ISO 8601. */
  readonly reported_at: string;
  /** Seconds since then. */
  readonly report_age_seconds: number;
}

/** Which workers to list. */
export interface FleetQuery {
  /** @default any */
  readonly state?: FleetState | undefined;
  /** Only workers that serve this namespace. @default any */
  readonly namespace?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** One page of the workers that share a database, by worker id. */
export interface FleetPage {
  readonly workers: readonly FleetWorker[];
  /** How many match the query. */
  readonly total: number;
  /** How many there are in each state, whatever the query. */
  readonly counts: Readonly<Record<FleetState, number>>;
  /** Worker ids that several living processes have: at most 100. */
  readonly duplicate_worker_ids: readonly string[];
}

/** The workers that share a database. Rejects if the database fails. */
export interface Fleet {
  /** One page, by worker id, and the counts of all. @param signal - aborted when no caller waits any more. */
  list(query: FleetQuery, signal: AbortSignal): Promise<FleetPage>;
}
