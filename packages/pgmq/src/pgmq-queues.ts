import {
  createSharedRun,
  type MessageQueues,
  type QueueStatistics,
  systemClock,
  withDeadline,
} from "@tasker-observability/core";
import {
  clockOption,
  delayMs,
  functionOption,
  objectLike,
  parseOptions,
  wholeNumberOption,
} from "@tasker-observability/core/options";
import type { SqlClient } from "@tasker-observability/postgres";
import * as z from "zod/mini";
import type { PgmqQueue } from "./pgmq-queue.js";
import { createQueueReader } from "./read-queues.js";

export const pgmqQueuesOptionsSchema = z.strictObject({
  /** The database, as `fromPgPool(pool)` or `fromPostgres(sql)` of `@tasker-observability/postgres` give it. */
  client: objectLike<SqlClient>({
    name: "a SqlClient",
    methods: ["withConnection"],
    hint: "fromPgPool(pool) or fromPostgres(sql) makes one.",
  }),
  /** The worker's queues. Called for every reading. */
  queues: functionOption<() => readonly PgmqQueue[]>("() => { namespace, queue_name }[]"),
  /** The depth from which a queue is not counted exactly: the planner's estimate is used. @default 10001 */
  exactUpTo: z._default(wholeNumberOption(1, Number.MAX_SAFE_INTEGER, { unit: "rows" }), 10_001),
  /** How long one statement may take, which reads up to 25 queues. @default 300 */
  statementTimeoutMs: z._default(delayMs(), 300),
  /** How long one statement may wait for a lock, say of an uncommitted drop. @default 100 */
  lockTimeoutMs: z._default(delayMs(), 100),
  /** After how long a queue that is not read yet is `timed_out`, so that a readiness check still has an answer; the next reading begins with it. @default 750 */
  budgetMs: z._default(delayMs(), 750),
  /** How long one reading serves everybody who asks; 0 still shares the current one. @default 1000 */
  cacheTtlMs: z._default(wholeNumberOption(0, Number.MAX_SAFE_INTEGER, { unit: "ms" }), 1_000),
  /** After how long a reading as a whole is given up: the database does not answer at all. @default 5000 */
  timeoutMs: z._default(delayMs(), 5_000),
  /** The clock. @default the machine's */
  clock: z.optional(clockOption),
});
/** Options of {@link createPgmqQueues}. */
export type PgmqQueuesOptions = z.input<typeof pgmqQueuesOptionsSchema>;

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
 * @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options.
 */
export function createPgmqQueues(options: PgmqQueuesOptions): PgmqQueues {
  const {
    client,
    queues: listQueues,
    clock = systemClock,
    cacheTtlMs,
    timeoutMs,
    ...limits
  } = parseOptions("createPgmqQueues", pgmqQueuesOptionsSchema, options);
  const reader = createQueueReader({ clock, ...limits });
  const read = async (signal: AbortSignal): Promise<readonly QueueStatistics[]> => {
    const queues = listQueues();
    if (queues.length === 0) return [];
    return client.withConnection((connection) => reader.read(connection, queues), {
      signal,
    });
  };
  const shared = createSharedRun(async ({ signal }) => Object.freeze(await read(signal)), {
    clock,
    ttlMs: cacheTtlMs,
    timeoutMs,
  });
  return Object.freeze({
    async statistics(signal: AbortSignal) {
      const { run } = await withDeadline(async () => shared.get(), { signal });
      if (run.state === "done") return run.value;
      throw run.state === "failed"
        ? run.error
        : new DOMException("The queues were not read in time.", "TimeoutError");
    },
    close: () => shared.close(),
  });
}
