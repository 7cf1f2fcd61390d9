import {
  type Clock,
  createSharedRun,
  type MessageQueues,
  type QueueStatistics,
  systemClock,
  withDeadline,
} from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import type { PgmqQueue } from "./pgmq-queue.js";
import { createQueueReader } from "./read-queues.js";

/** Options of {@link createPgmqQueues}. */
export interface PgmqQueuesOptions {
  readonly client: SqlClient;
  /** The worker's own queues, asked anew on every reading. */
  readonly queues: () => readonly PgmqQueue[];
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** Rows from which a queue is no longer counted exactly, and the planner's estimate is used. @default 10001 */
  readonly exactUpTo?: number | undefined;
  /** Milliseconds that one statement may take; it reads up to 25 queues. @default 300 */
  readonly statementTimeoutMs?: number | undefined;
  /** Milliseconds that one statement may wait for a lock, say of an uncommitted drop. @default 100 */
  readonly lockTimeoutMs?: number | undefined;
  /** Milliseconds after which queues that are not read yet are given as `timed_out`, so that a readiness check still has an answer; the next reading begins with them. @default 750 */
  readonly budgetMs?: number | undefined;
  /** Milliseconds for which one reading serves everybody who asks. @default 1000 */
  readonly cacheTtlMs?: number | undefined;
  /** Milliseconds after which a reading as a whole is given up: the database does not answer at all. @default 5000 */
  readonly timeoutMs?: number | undefined;
}

/** Message queues whose reading can be stopped. */
export interface PgmqQueues extends MessageQueues {
  /** Gives up a reading under way; later calls reject. May be called again. */
  close(): void;
}

/**
 * Reads depth and age of PGMQ queues at a cost that is bounded per queue, whatever its depth:
 * counts stop at `exactUpTo`, ages come from the first entry of an index, and 25 queues share a statement.
 * Health and metrics share one reading. A queue that is missing, forbidden, locked or slow costs that queue only.
 *
 * With hundreds of queues give it a client with a connection of its own (`new pg.Pool({ max: 1, idleTimeoutMillis: 300_000 })`):
 * planning their statements anew on every fresh connection takes far longer than running them.
 *
 * @throws RangeError when a limit is not a whole number from 1 up.
 */
export function createPgmqQueues(options: PgmqQueuesOptions): PgmqQueues {
  const clock = options.clock ?? systemClock;
  const reader = createQueueReader({
    clock,
    exactUpTo: toLimit("exactUpTo", options.exactUpTo ?? 10_001),
    statementTimeoutMs: toLimit("statementTimeoutMs", options.statementTimeoutMs ?? 300),
    lockTimeoutMs: toLimit("lockTimeoutMs", options.lockTimeoutMs ?? 100),
    budgetMs: toLimit("budgetMs", options.budgetMs ?? 750),
  });
  const read = async (signal: AbortSignal): Promise<readonly QueueStatistics[]> => {
    const queues = options.queues();
    if (queues.length === 0) return [];
    return options.client.withConnection((connection) => reader.read(connection, queues), {
      signal,
    });
  };
  const shared = createSharedRun(async ({ signal }) => Object.freeze(await read(signal)), {
    clock,
    ttlMs: options.cacheTtlMs ?? 1_000,
    timeoutMs: options.timeoutMs ?? 5_000,
  });
  return Object.freeze({
    async statistics(signal: AbortSignal) {
      const { outcome } = await withDeadline(async () => shared.get(), { signal });
      if (outcome.state === "done") return outcome.value;
      throw outcome.state === "failed"
        ? outcome.error
        : new DOMException("The queues were not read in time.", "TimeoutError");
    },
    close: () => shared.close(),
  });
}

// Limits are written into statements, where only a number may stand.
function toLimit(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be a whole number from 1 up.`);
}
