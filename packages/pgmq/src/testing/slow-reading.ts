import type { QueueStatistics } from "@tasker-observability/core";
import type { SqlStatement } from "@tasker-observability/postgres";

/** Limits that leave enough time for a read on a busy machine. */
export const limits = { statementTimeoutMs: 400, budgetMs: 1_000 };
/** A statement that exceeds any of the limits. */
export const endless = "select pg_sleep(60)";

export const readsQueues = ({ text }: SqlStatement): boolean => text.includes("vt <= now()");
export const namesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `queue_${index}`);
export const unread = (statistics: readonly QueueStatistics[]): string[] =>
  statistics.flatMap(({ queue_name, state }) => (state === "timed_out" ? [queue_name] : []));
