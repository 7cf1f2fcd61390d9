import type { QueueStatistics } from "@tasker-observability/core";
import type { SqlStatement } from "@tasker-observability/postgres";
import type { FoundQueue } from "./find-queues.js";
import { queryFormOf, type QueryForm, queryForms, shallowUpTo, suits } from "./query-forms.js";
import { toStatistics } from "./queue-numbers.js";
import type { QueueStatements } from "./queue-statements.js";
import type { ReadOnlyTransactions } from "./read-only-transactions.js";

export interface QueueQueriesOptions {
  readonly transactions: ReadOnlyTransactions;
  readonly statements: QueueStatements;
  readonly exactUpTo: number;
}

/** Queues with the numbers that were read of them. */
type Read = ReadonlyMap<FoundQueue, QueueStatistics>;

/** Asks for the numbers of queues, together or alone; asks nothing once the time is up. */
export class QueueQueries {
  readonly #transactions: ReadOnlyTransactions;
  readonly #statements: QueueStatements;
  readonly #exactUpTo: number;

  constructor({ transactions, statements, exactUpTo }: QueueQueriesOptions) {
    this.#transactions = transactions;
    this.#statements = statements;
    this.#exactUpTo = exactUpTo;
  }

  /**
   * A statement for each form that some of the wanted queues are read by; what turns out not to be shallow is read as deep.
   * @param queues - all of the chunk, so that its statements stay the same.
   * @param onRead - called after each statement: the next may fail.
   */
  async together(
    queues: readonly FoundQueue[],
    wanted: readonly FoundQueue[],
    onRead: (queue: FoundQueue, statistics: QueueStatistics) => void,
  ): Promise<void> {
    const byForm = {
      first_rows: new Set<FoundQueue>(),
      index_count: new Set<FoundQueue>(),
      index_offset: new Set<FoundQueue>(),
      table_scan: new Set<FoundQueue>(),
    };
    for (const queue of wanted) byForm[queryFormOf(queue)].add(queue);
    for (const form of queryForms) {
      for (const [queue, statistics] of await this.#readBy(form, queues, byForm[form])) {
        if (form !== "first_rows" || isShallow(statistics, this.#exactUpTo))
          onRead(queue, statistics);
        else byForm.index_count.add(queue);
      }
    }
  }

  /** Perhaps it was too deep for the time that it had: it is read in a way that is bounded for any. Null where the time is up. */
  async alone(queue: FoundQueue): Promise<QueueStatistics | null> {
    const form = queue.hasVisibleIndex ? "index_count" : "table_scan";
    const read = await this.#query([queue], this.#statements.queryOnce(form, queue));
    return read.get(queue) ?? null;
  }

  async #readBy(
    form: QueryForm,
    queues: readonly FoundQueue[],
    wanted: ReadonlySet<FoundQueue>,
  ): Promise<Read> {
    if (wanted.size === 0) return new Map();
    const suited = queues.filter((queue) => suits(queue, form));
    return this.#query(suited, this.#statements.query(form, suited, wanted));
  }

  async #query(queues: readonly FoundQueue[], statement: SqlStatement): Promise<Read> {
    const read = new Map<FoundQueue, QueueStatistics>();
    if (!this.#transactions.hasTime()) return read;
    await this.#transactions.tighten();
    for (const row of await this.#transactions.connection.query(statement)) {
      const queue = queues[Number(row.position)];
      if (queue === undefined)
        throw new Error("The database returned a row for a queue that was not requested.");
      read.set(queue, toStatistics(queue, row, this.#exactUpTo));
    }
    return read;
  }
}

function isShallow({ depth }: QueueStatistics, exactUpTo: number): boolean {
  return (depth ?? 0) < shallowUpTo(exactUpTo);
}
