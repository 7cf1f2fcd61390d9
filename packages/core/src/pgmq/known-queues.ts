import type { QueueStatistics } from "../ports.js";
import type { FoundQueue } from "./find-queues.js";
import type { PgmqQueue } from "./pgmq-queue.js";

/** What earlier readings taught of the queues. */
export class KnownQueues {
  readonly #shallowUpTo: number;
  #queues: readonly FoundQueue[] = [];
  /** How each table was found last, whatever became of the others. */
  #depths: ReadonlyMap<string, FoundQueue["was"]> = new Map();

  constructor(shallowUpTo: number) {
    this.#shallowUpTo = shallowUpTo;
  }

  /** These queues, where reading them went well until now: then the catalog need not be asked again. Whoever takes them gives them back by {@link keep}. */
  take(wanted: readonly PgmqQueue[]): readonly FoundQueue[] | null {
    const queues = this.#queues;
    this.#queues = [];
    const isSame = queues.length === wanted.length && queues.every((queue, index) => queue.namespace === wanted[index]?.namespace && queue.queue_name === wanted[index].queue_name);
    return isSame ? queues : null;
  }

  /** Queues that were just looked up, as deep as they were found last. */
  recall(queues: readonly FoundQueue[]): readonly FoundQueue[] {
    return queues.map((queue) => ({ ...queue, was: this.#depths.get(queue.oid) ?? queue.was }));
  }

  keep(queues: readonly FoundQueue[], statistics: readonly QueueStatistics[]): void {
    const learnt = queues.map((queue, index) => ({ ...queue, was: this.#depthOf(statistics[index]) ?? queue.was }));
    this.#depths = new Map(learnt.map(({ oid, was }) => [oid, was]));
    // A queue that was not there may come, and the partitions of one may change: those are looked up every time.
    if (learnt.every((queue, index) => queue.hasVisibleIndex && queue.partitionedRows === null && statistics[index]?.state === "readable")) this.#queues = learnt;
  }

  #depthOf(statistics: QueueStatistics | undefined): FoundQueue["was"] | null {
    if (statistics?.depth == null) return null;
    if (statistics.depth < this.#shallowUpTo) return "shallow";
    return statistics.depth_estimated && statistics.visible_depth === statistics.depth ? "visibly_deep" : "deep";
  }
}
