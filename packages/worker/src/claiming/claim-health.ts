import type { ClaimRefusals, Clock } from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import { failureScope, isTransient, sqlStateOf } from "../queues/sql-failure.js";
import type { NamespaceQueues } from "../queues/step-queues.js";

/** Remembers which queues' claims are refused, for the health of the worker. */
export interface ClaimHealth {
  /** @returns whether the queue was missing at its last poll. */
  recordSuccess(queueName: string): boolean;
  /** An unreachable database does not count as a refusal: the database check reports it. */
  recordFailure(queueName: string, error: unknown): void;
  /** Nothing to claim: stops the clock of the time without a success. */
  idle(): void;
  refusals(): ClaimRefusals | null;
}

export function createClaimHealth({
  queues,
  clock,
}: {
  readonly queues: readonly NamespaceQueues[];
  readonly clock: Clock;
}): ClaimHealth {
  /** The last error of each queue. */
  const refused = new Map<string, unknown>();
  /** A fault of the whole database stops the round at its first queue. */
  let isRefusedEverywhere = false;
  let error: unknown = null;
  let firstFailedAtMs: number | null = null;
  return Object.freeze({
    recordSuccess(queueName: string) {
      const wasMissing = sqlStateOf(refused.get(queueName)) === "42P01";
      refused.delete(queueName);
      isRefusedEverywhere = false;
      firstFailedAtMs = null;
      return wasMissing;
    },
    recordFailure(queueName: string, thrown: unknown) {
      const isOfDatabase = failureScope(thrown) === "database";
      if (isOfDatabase && isTransient(classifyFailure(thrown))) return;
      if (isOfDatabase) isRefusedEverywhere = true;
      else refused.set(queueName, thrown);
      error = thrown;
      firstFailedAtMs ??= clock.monotonicMs();
    },
    idle() {
      firstFailedAtMs = null;
    },
    refusals() {
      const count = isRefusedEverywhere ? queues.length : refused.size;
      if (count === 0) return null;
      return {
        queues: queues.length,
        refused: count,
        without_success_ms: firstFailedAtMs === null ? 0 : clock.monotonicMs() - firstFailedAtMs,
        error,
      };
    },
  });
}
