import type { QueueStatistics } from "@tasker-observability/core";
import type { FoundQueue } from "./find-queues.js";
import type { PgmqQueue } from "./pgmq-queue.js";

const notFound = {
  state: "timed_out",
  oid: "",
  table: "",
  partitionedRows: null,
  oldestBy: null,
  hasVisibleIndex: false,
  queryForm: "first_rows",
} as const;

/** What earlier readings taught of the queues. */
export class KnownQueues {
  readonly #shallowUpTo: number;
  #queues: readonly FoundQueue[] = [];
  /** How each table was found last, whatever became of the others. */
  #queryForms: ReadonlyMap<string, FoundQueue["queryForm"]> = new Map();
  /** The queues by name that were found last, and could be read. */
  #found: ReadonlyMap<string, FoundQueue> = new Map();
  /** The chunk of queues that the next reading begins with, counted from 0: where the last one stopped. */
  firstChunk = 0;

  constructor(shallowUpTo: number) {
    this.#shallowUpTo = shallowUpTo;
  }

  /** These queues, where reading them went well until now: then the catalog need not be asked again. Whoever takes them gives them back by {@link keep}. */
  take(wanted: readonly PgmqQueue[]): readonly FoundQueue[] | null {
    const queues = this.#queues;
    this.#queues = [];
    const isSame =
      queues.length === wanted.length &&
      queues.every(
        (queue, index) =>
          queue.namespace === wanted[index]?.namespace &&
          queue.queue_name === wanted[index].queue_name,
      );
    return isSame ? queues : null;
  }

  /** Queues that were just looked up, to be queried as they were last. */
  recall(queues: readonly FoundQueue[]): readonly FoundQueue[] {
    return queues.map((queue) => ({
      ...queue,
      queryForm: this.#queryForms.get(queue.oid) ?? queue.queryForm,
    }));
  }

  /** These queues as they were found before, `timed_out` where they were not; null where none was. */
  foundBefore(wanted: readonly PgmqQueue[]): readonly FoundQueue[] | null {
    if (!wanted.some(({ queue_name }) => this.#found.has(queue_name))) return null;
    return wanted.map((queue) => ({
      ...(this.#found.get(queue.queue_name) ?? notFound),
      ...queue,
    }));
  }

  keep(queues: readonly FoundQueue[], statistics: readonly QueueStatistics[]): void {
    const updated = queues.map((queue, index) => ({
      ...queue,
      queryForm: this.#queryFormOf(statistics[index]) ?? queue.queryForm,
    }));
    this.#queryForms = new Map(updated.map(({ oid, queryForm }) => [oid, queryForm]));
    this.#found = new Map(
      updated
        .filter((queue, index) => queue.state === "readable" && isThere(statistics[index]))
        .map((queue) => [queue.queue_name, queue]),
    );
    // A queue that was not there may come, and the partitions of one may change: those are looked up every time.
    if (
      updated.every(
        (queue, index) =>
          queue.hasVisibleIndex && queue.partitionedRows === null && isThere(statistics[index]),
      )
    )
      this.#queues = updated;
  }

  #queryFormOf(statistics: QueueStatistics | undefined): FoundQueue["queryForm"] | null {
    if (statistics?.depth == null) return null;
    if (statistics.depth < this.#shallowUpTo) return "first_rows";
    return statistics.depth_estimated && statistics.visible_depth === statistics.depth
      ? "index_offset"
      : "index_count";
  }
}

/** Whether the table was there and could be read, had there been time for it. */
function isThere(statistics: QueueStatistics | undefined): boolean {
  return statistics?.state === "readable" || statistics?.state === "timed_out";
}
