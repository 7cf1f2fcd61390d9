import { type Clock, type QueueStatistics, toSafeCause } from "@tasker-observability/core";
import { isStatementNameRefused } from "@tasker-observability/postgres";
import { findLockedTables } from "./find-locked-tables.js";
import { findQueues, type FoundQueue } from "./find-queues.js";
import { QueueQueries, type QueueQueriesOptions } from "./queue-queries.js";
import type { KnownQueues } from "./known-queues.js";
import type { PgmqQueue } from "./pgmq-queue.js";
import { shallowUpTo } from "./query-forms.js";
import { isTimeOut } from "./read-only-transactions.js";
import type { SlowQueues } from "./slow-queues.js";
import { unreadQueue } from "./unread-queue.js";

export interface QueueReadingOptions extends QueueQueriesOptions {
  readonly known: KnownQueues;
  readonly slow: SlowQueues;
  readonly clock: Clock;
}

/** Planning one wide UNION takes seconds at a thousand queues; 25 at a time plan in milliseconds. */
const queuesPerStatement = 25;

/** Each transaction locks what it reads until its end: few statements, so that nobody who drops a queue waits for long. */
const chunksPerTransaction = 4;

/** One reading of all queues: a chunk a statement, and then, alone, those that are slow or failed their chunk. */
export class QueueReading {
  readonly #options: QueueReadingOptions;
  readonly #queries: QueueQueries;
  readonly #read = new Map<FoundQueue, QueueStatistics>();
  readonly #apart: FoundQueue[] = [];
  #found: readonly FoundQueue[] = [];
  #lockedTables: ReadonlySet<string> = new Set();

  constructor(options: QueueReadingOptions) {
    this.#options = options;
    this.#queries = new QueueQueries(options);
  }

  async read(queues: readonly PgmqQueue[]): Promise<readonly QueueStatistics[]> {
    const { transactions, known, slow } = this.#options;
    await transactions.next();
    this.#found = known.take(queues) ?? (await this.#find(queues));
    if (slow.areDue()) await this.#readAlone();
    await this.#readChunks();
    await this.#readAlone();
    await transactions.end();
    const statistics = this.#found.map(
      (queue) => this.#read.get(queue) ?? unreadQueue(queue, this.#stateOf(queue)),
    );
    known.keep(this.#found, statistics);
    slow.endReading(this.#found);
    return statistics;
  }

  /** A catalog that does not answer in time costs those queues only that no reading has found before. */
  async #find(queues: readonly PgmqQueue[]): Promise<readonly FoundQueue[]> {
    const { transactions, statements, known, exactUpTo } = this.#options;
    try {
      return known.recall(
        await findQueues(
          transactions.connection,
          queues,
          statements.nameOfFind,
          shallowUpTo(exactUpTo),
        ),
      );
    } catch (error) {
      const foundBefore = isTimeOut(error) || isLocked(error) ? known.foundBefore(queues) : null;
      if (foundBefore === null) throw error;
      await transactions.next();
      return foundBefore;
    }
  }

  /** Begins where the last reading stopped, so that no chunk is left out for ever. */
  async #readChunks(): Promise<void> {
    const { transactions, known } = this.#options;
    const count = Math.ceil(this.#found.length / queuesPerStatement);
    for (let nth = 0; nth < count; nth += 1) {
      const chunk = (known.firstChunk + nth) % count;
      if (nth > 0 && nth % chunksPerTransaction === 0 && transactions.hasTime())
        await transactions.next();
      if (
        await this.#readChunk(
          this.#found.slice(chunk * queuesPerStatement, (chunk + 1) * queuesPerStatement),
        )
      )
        continue;
      known.firstChunk = chunk;
      return;
    }
  }

  /** False where the time was up before all of it was read. */
  async #readChunk(chunk: readonly FoundQueue[]): Promise<boolean> {
    const readable = chunk.filter((queue) => this.#isReadable(queue));
    const wanted = readable.filter(
      (queue) => !this.#options.slow.has(queue) && !this.#read.has(queue),
    );
    const unread = (): readonly FoundQueue[] => wanted.filter((queue) => !this.#read.has(queue));
    try {
      await this.#queries.together(readable, wanted, (queue, statistics) =>
        this.#read.set(queue, statistics),
      );
      return unread().length === 0;
    } catch (error) {
      return await this.#setApart(unread(), error);
    }
  }

  /** One of them has failed the statement of all. */
  async #setApart(queues: readonly FoundQueue[], error: unknown): Promise<boolean> {
    const { transactions, slow } = this.#options;
    if (isStatementNameRefused(error)) throw error;
    const hadLittleTime = transactions.grantsLittleTime();
    await transactions.next();
    if (isTimeOut(error)) {
      if (hadLittleTime) return false;
      slow.suspect(queues);
      return true;
    }
    this.#apart.push(...queues);
    if (isLocked(error)) this.#lockedTables = await this.#findLockedTables();
    return true;
  }

  /** Asked once for all chunks, so that many dropped queues cost one waiting for a lock and not many. None where there is no answer in time: each is waited for then. */
  async #findLockedTables(): Promise<ReadonlySet<string>> {
    const { transactions } = this.#options;
    try {
      return await findLockedTables(
        transactions.connection,
        this.#found.map((queue) => queue.oid).filter((oid) => oid !== ""),
      );
    } catch (error) {
      if (!isTimeOut(error)) throw error;
      await transactions.next();
      return new Set();
    }
  }

  async #readAlone(): Promise<void> {
    const queues = [...this.#apart, ...this.#options.slow.inTurn(this.#found)].filter(
      (queue) => this.#isReadable(queue) && !this.#read.has(queue),
    );
    // A queue whose indexes took too long joins the end of the row, to be scanned.
    for (const queue of queues) if (await this.#runsOut(queue)) queues.push(queue);
  }

  /** Whether its indexes took too long, so that it may be scanned. */
  async #runsOut(queue: FoundQueue): Promise<boolean> {
    const { transactions, slow, clock } = this.#options;
    const isScanned = slow.isScanned(queue);
    const startedAtMs = clock.monotonicMs();
    try {
      const statistics = await this.#queries.alone(
        isScanned ? { ...queue, hasVisibleIndex: false, oldestBy: null } : queue,
      );
      if (statistics === null) return false;
      this.#read.set(queue, statistics);
      slow.wasRead(queue, clock.monotonicMs() - startedAtMs);
      return false;
    } catch (error) {
      await transactions.next();
      if (isTimeOut(error)) slow.ranOut(queue);
      else this.#read.set(queue, unreadQueue(queue, stateAfter(error)));
      return isTimeOut(error) && !isScanned;
    }
  }

  #isReadable(queue: FoundQueue): boolean {
    return queue.state === "readable" && !this.#lockedTables.has(queue.oid);
  }

  /** Of a queue without numbers. */
  #stateOf(queue: FoundQueue): QueueStatistics["state"] {
    if (queue.state !== "readable") return queue.state;
    return this.#isReadable(queue) ? "timed_out" : "failed";
  }
}

function isLocked(error: unknown): boolean {
  return toSafeCause(error).code === "55P03";
}

function stateAfter(error: unknown): QueueStatistics["state"] {
  const { code } = toSafeCause(error);
  return code === "42P01" ? "missing" : code === "42501" ? "forbidden" : "failed";
}
