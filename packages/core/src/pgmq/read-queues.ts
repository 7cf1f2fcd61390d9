import { toSafeCause } from "../errors.js";
import type { QueueStatistics } from "../ports.js";
import type { SqlConnection, SqlStatement } from "../sql-client.js";
import { isNameRefused } from "../statement-names.js";
import { findLockedTables } from "./find-locked-tables.js";
import { findQueues, type FoundQueue } from "./find-queues.js";
import { KnownQueues } from "./known-queues.js";
import type { PgmqQueue } from "./pgmq-queue.js";
import { toStatistics } from "./queue-numbers.js";
import { formOf, type HeadForm, headForms, shallowUpTo, suits } from "./queue-heads.js";
import { QueueStatements } from "./queue-statements.js";
import { ReadOnlyTransactions, type TransactionLimits } from "./read-only-transactions.js";
import { unreadQueue } from "./unread-queue.js";

/** Limits of one reading. */
export interface QueueReaderOptions extends TransactionLimits {
  readonly exactUpTo: number;
}

/** Reads the numbers of queues, in the order given. */
export interface QueueReader {
  read(connection: SqlConnection, queues: readonly PgmqQueue[]): Promise<readonly QueueStatistics[]>;
}

/** Planning one wide UNION takes seconds at a thousand queues; 25 at a time plan in milliseconds. */
const queuesPerStatement = 25;

/** Each transaction locks what it reads until its end: few statements, so that nobody who drops a queue waits for long. */
const queuesPerTransaction = 4 * queuesPerStatement;

export function createQueueReader(options: QueueReaderOptions): QueueReader {
  const statements = new QueueStatements(options.exactUpTo);
  const known = new KnownQueues(shallowUpTo(options.exactUpTo));
  return {
    async read(connection, queues) {
      const transactions = new ReadOnlyTransactions(connection, options);
      const readOnce = (): Promise<readonly QueueStatistics[]> => new Reading({ transactions, statements, known, exactUpTo: options.exactUpTo }).read(queues);
      try {
        return await readOnce();
      } catch (error) {
        // The client names no statement after the first refusal.
        if (!isNameRefused(error)) throw error;
        return await readOnce();
      }
    },
  };
}

/** One reading of all queues, a chunk a statement. */
class Reading {
  readonly #transactions: ReadOnlyTransactions;
  readonly #statements: QueueStatements;
  readonly #known: KnownQueues;
  readonly #exactUpTo: number;
  #lockedTables: ReadonlySet<string> = new Set();

  constructor({ transactions, statements, known, exactUpTo }: { readonly transactions: ReadOnlyTransactions; readonly statements: QueueStatements; readonly known: KnownQueues; readonly exactUpTo: number }) {
    this.#transactions = transactions;
    this.#statements = statements;
    this.#known = known;
    this.#exactUpTo = exactUpTo;
  }

  async read(queues: readonly PgmqQueue[]): Promise<readonly QueueStatistics[]> {
    await this.#transactions.next();
    const found = this.#known.take(queues) ?? this.#known.recall(await this.#find(queues));
    const statistics: QueueStatistics[] = [];
    for (let start = 0; start < found.length; start += queuesPerStatement) {
      if (start > 0 && start % queuesPerTransaction === 0 && this.#transactions.hasTime()) await this.#transactions.next();
      statistics.push(...(await this.#readChunk(found.slice(start, start + queuesPerStatement), found)));
    }
    await this.#transactions.end();
    this.#known.keep(found, statistics);
    return statistics;
  }

  #find(queues: readonly PgmqQueue[]): Promise<readonly FoundQueue[]> {
    return findQueues(this.#transactions.connection, queues, this.#statements.nameOfFind, shallowUpTo(this.#exactUpTo));
  }

  async #readChunk(chunk: readonly FoundQueue[], all: readonly FoundQueue[]): Promise<readonly QueueStatistics[]> {
    const readable = chunk.filter((queue) => this.#isReadable(queue));
    const read = await this.#readTogether(readable).catch((error: unknown) => this.#readAfter(error, readable, all));
    return chunk.map((queue) => read.get(queue) ?? unreadQueue(queue, queue.state === "readable" ? "failed" : queue.state));
  }

  /** One queue has failed its whole chunk: each is read alone. */
  async #readAfter(error: unknown, chunk: readonly FoundQueue[], all: readonly FoundQueue[]): Promise<Read> {
    if (isNameRefused(error)) throw error;
    await this.#transactions.next();
    if (codeOf(error) === "55P03") {
      // Asked once for all chunks, so that many dropped queues cost one waiting for a lock and not many.
      this.#lockedTables = await findLockedTables(this.#transactions.connection, all.map((queue) => queue.oid).filter((oid) => oid !== ""));
    }
    const read = new Map<FoundQueue, QueueStatistics>();
    for (const queue of chunk.filter((candidate) => this.#isReadable(candidate))) {
      read.set(queue, await this.#readAlone(queue));
    }
    return read;
  }

  /** Perhaps it was too deep for the time that it had: it is read in the way that is bounded for any. */
  async #readAlone(queue: FoundQueue): Promise<QueueStatistics> {
    const form = queue.hasVisibleIndex ? "deep" : "rows";
    try {
      const read = await this.#query([queue], this.#statements.headOnce(form, queue));
      return read.get(queue) ?? unreadQueue(queue, "failed");
    } catch (error) {
      await this.#transactions.next();
      return unreadQueue(queue, stateAfter(error));
    }
  }

  /** A statement for each form that some of the queues are read by; what turns out not to be shallow is read as deep. */
  async #readTogether(queues: readonly FoundQueue[]): Promise<Read> {
    const read = new Map<FoundQueue, QueueStatistics>();
    const wanted = { shallow: new Set<FoundQueue>(), deep: new Set<FoundQueue>(), visibly_deep: new Set<FoundQueue>(), rows: new Set<FoundQueue>() };
    for (const queue of queues) wanted[formOf(queue)].add(queue);
    for (const form of headForms) {
      for (const [queue, statistics] of await this.#readBy(form, queues, wanted[form])) {
        if (form !== "shallow" || isShallow(statistics, this.#exactUpTo)) read.set(queue, statistics);
        else wanted.deep.add(queue);
      }
    }
    return read;
  }

  async #readBy(form: HeadForm, queues: readonly FoundQueue[], wanted: ReadonlySet<FoundQueue>): Promise<Read> {
    if (wanted.size === 0) return new Map();
    const suited = queues.filter((queue) => suits(queue, form));
    return this.#query(suited, this.#statements.heads(form, suited, wanted));
  }

  async #query(queues: readonly FoundQueue[], statement: SqlStatement): Promise<Read> {
    const read = new Map<FoundQueue, QueueStatistics>();
    if (!this.#transactions.hasTime()) return read;
    await this.#transactions.tighten();
    for (const row of await this.#transactions.connection.query(statement)) {
      const queue = queues[Number(row.position)];
      if (queue === undefined) throw new Error("A row came back for a queue that was not asked for.");
      read.set(queue, toStatistics(queue, row, this.#exactUpTo));
    }
    return read;
  }

  #isReadable(queue: FoundQueue): boolean {
    return queue.state === "readable" && !this.#lockedTables.has(queue.oid);
  }
}

function isShallow({ depth }: QueueStatistics, exactUpTo: number): boolean {
  return (depth ?? 0) < shallowUpTo(exactUpTo);
}

type Read = ReadonlyMap<FoundQueue, QueueStatistics>;

function stateAfter(error: unknown): QueueStatistics["state"] {
  const code = codeOf(error);
  return code === "42P01" ? "missing" : code === "42501" ? "forbidden" : "failed";
}

function codeOf(error: unknown): string | null {
  return toSafeCause(error).code;
}
