import type { HealthStatus } from "./answers.js";

// What the page reads of the operations of the group `work`.

/** Null where the queue could not be read; `state` says why. */
export interface QueueNumbers {
  readonly namespace: string;
  readonly queue_name: string;
  readonly state: string;
  readonly depth: number | null;
  readonly visible_depth: number | null;
  readonly oldest_message_age_seconds: number | null;
  readonly oldest_visible_age_seconds: number | null;
  readonly depth_estimated: boolean;
}

export interface Queue extends QueueNumbers {
  readonly steps_per_second: number;
  readonly failed_per_second: number;
}

export interface QueueList {
  readonly queues: readonly Queue[];
  readonly dead_letters: readonly QueueNumbers[];
}

export interface RunningStep {
  readonly namespace: string;
  readonly template: string;
  readonly step: string;
  readonly step_id: string;
  readonly message_id: string;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly started_at: string;
  readonly running_ms: number;
  readonly timeout_ms: number;
  readonly is_overdue: boolean;
}

export interface RunningSteps {
  readonly steps: readonly RunningStep[];
  readonly total: number;
}

export interface DeadLetter {
  readonly namespace: string;
  readonly id: string;
  readonly dead_lettered_at: string | null;
  readonly attempts: number | null;
  readonly template: string | null;
  readonly step: string | null;
  readonly step_id: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

export interface DeadLetterList {
  readonly dead_letters: readonly DeadLetter[];
  readonly next_before: string | null;
}

/** What a redrive or a purge takes. */
export interface DeadLetterChoice {
  readonly namespace: string;
  readonly ids?: readonly string[];
  readonly code?: string;
  readonly all?: boolean;
}

export interface DeadLetterChange {
  readonly count: number;
  readonly missing_ids: readonly string[];
}

export const fleetStates = ["starting", "running", "paused", "draining", "lost"] as const;
export type FleetState = (typeof fleetStates)[number];

export interface FleetWorker {
  readonly instance_id: string;
  readonly worker_id: string;
  readonly worker_type: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly namespaces: readonly string[];
  readonly state: FleetState;
  readonly status: HealthStatus;
  readonly checks: Readonly<
    Record<string, { readonly status: HealthStatus; readonly message: string | null }>
  >;
  readonly slots: {
    readonly total: number;
    readonly busy: number;
    readonly overdue: number;
  } | null;
  readonly steps_per_second: number;
  readonly failed_per_second: number;
  readonly event_loop_lag_ms: number;
  readonly rss_bytes: number;
  readonly url: string | null;
  readonly started_at: string;
  readonly reported_at: string;
  readonly report_age_seconds: number;
}

export interface Fleet {
  readonly workers: readonly FleetWorker[];
  readonly total: number;
  readonly counts: Readonly<Record<FleetState, number>>;
  readonly duplicate_worker_ids: readonly string[];
}
