import type { QueueStatistics } from "@tasker-observability/core";
import { isStatementNameRefused, type SqlConnection } from "@tasker-observability/postgres";
import { KnownQueues } from "./known-queues.js";
import type { PgmqQueue } from "./pgmq-queue.js";
import { shallowUpTo } from "./query-forms.js";
import { QueueReading } from "./queue-reading.js";
import { QueueStatements } from "./queue-statements.js";
import { ReadOnlyTransactions, type TransactionLimits } from "./read-only-transactions.js";
import { SlowQueues } from "./slow-queues.js";

/** Limits of one reading. */
export interface QueueReaderOptions extends TransactionLimits {
  readonly exactUpTo: number;
}

/** Reads the numbers of queues, in the order given. */
export interface QueueReader {
  read(
    connection: SqlConnection,
    queues: readonly PgmqQueue[],
  ): Promise<readonly QueueStatistics[]>;
}

export function createQueueReader(options: QueueReaderOptions): QueueReader {
  const { exactUpTo, clock } = options;
  const statements = new QueueStatements(exactUpTo);
  const known = new KnownQueues(shallowUpTo(exactUpTo));
  const slow = new SlowQueues(options.statementTimeoutMs / 10);
  return {
    async read(connection, queues) {
      const transactions = new ReadOnlyTransactions(connection, options);
      const readOnce = (): Promise<readonly QueueStatistics[]> =>
        new QueueReading({ transactions, statements, known, slow, exactUpTo, clock }).read(queues);
      try {
        return await readOnce();
      } catch (error) {
        // The client names no statement after the first refusal.
        if (!isStatementNameRefused(error)) throw error;
        return await readOnce();
      }
    },
  };
}
