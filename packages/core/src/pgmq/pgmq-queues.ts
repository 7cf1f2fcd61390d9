import { type Clock, systemClock } from "../clock.js";
import type { MessageQueues, QueueStatistics } from "../ports.js";
import { createSharedRun } from "../shared-run.js";
import type { SqlClient, SqlConnection } from "../sql-client.js";
import { findQueues } from "./find-queues.js";
import { createQueueReader, type QueueReader } from "./read-queues.js";
import { unreadQueue } from "./unread-queue.js";

/** A queue, and the template namespace whose steps it carries. */
export interface PgmqQueue {
  readonly namespace: string;
  readonly queue_name: string;
}

/** Options of {@link createPgmqQueues}. */
export interface PgmqQueuesOptions {
  readonly client: SqlClient;
  /** The worker's own queues, asked anew on every reading. */
  readonly queues: () => readonly PgmqQueue[];
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** Rows up to which a queue is counted exactly; beyond it the planner's estimate is used. @default 10001 */
  readonly exactUpTo?: number | undefined;
  /** Milliseconds that one statement may take. @default 2000 */
  readonly statementTimeoutMs?: number | undefined;
  /** Milliseconds that one statement may wait for a lock, say of an uncommitted drop. @default 100 */
  readonly lockTimeoutMs?: number | undefined;
  /** Milliseconds for which one reading serves everybody who asks. @default 1000 */
  readonly cacheTtlMs?: number | undefined;
  /** Milliseconds after which a reading as a whole is given up. @default 5000 */
  readonly timeoutMs?: number | undefined;
}

/** The queue of a namespace, by Tasker's naming. */
export function queueNameOf(namespace: string): string {
  return `${namespace}_queue`;
}

/**
 * Reads depth and age of PGMQ queues at a cost that is bounded per queue, whatever its depth:
 * counts stop at `exactUpTo`, ages come from the head of an index, and 25 queues share a statement.
 * Health and metrics share one reading. A queue that is missing or forbidden costs that queue only.
 */
export function createPgmqQueues(options: PgmqQueuesOptions): MessageQueues {
  const reader = createQueueReader({
    exactUpTo: options.exactUpTo ?? 10_001,
    statementTimeoutMs: options.statementTimeoutMs ?? 2_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 100,
  });
  const read = (signal: AbortSignal): Promise<readonly QueueStatistics[]> => {
    const queues = options.queues();
    if (queues.length === 0) return Promise.resolve([]);
    return options.client.withConnection((connection) => readAll(connection, queues, reader), { signal });
  };
  const shared = createSharedRun(({ signal }) => read(signal), {
    clock: options.clock ?? systemClock,
    ttlMs: options.cacheTtlMs ?? 1_000,
    timeoutMs: options.timeoutMs ?? 5_000,
  });
  return Object.freeze({
    async statistics() {
      const { run } = await shared.get();
      if (run.state === "done") return run.value;
      throw run.state === "failed" ? run.error : new DOMException("queue statistics timed out", "TimeoutError");
    },
  });
}

async function readAll(connection: SqlConnection, queues: readonly PgmqQueue[], reader: QueueReader): Promise<readonly QueueStatistics[]> {
  const found = await findQueues(connection, queues);
  const numbers = await reader.read(connection, found.filter((queue) => queue.state === "readable"));
  return found.map((queue) => Object.freeze(numbers.get(queue.queue_name) ?? unreadQueue(queue, queue.state)));
}
