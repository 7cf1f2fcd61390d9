import type { QueueStatistics } from "../ports.js";
import type { FoundQueue } from "./find-queues.js";
import type { PgmqQueue } from "./pgmq-queue.js";

/** The queues as they were last found, for as long as reading them goes well: then the catalog need not be asked again. */
export class KnownQueues {
  #queues: readonly FoundQueue[] = [];

  /** These queues, known until now, or null. Whoever takes them gives them back by {@link keep}. */
  take(wanted: readonly PgmqQueue[]): readonly FoundQueue[] | null {
    const queues = this.#queues;
    this.#queues = [];
    const isSame = queues.length === wanted.length && queues.every((queue, index) => queue.namespace === wanted[index]?.namespace && queue.queue_name === wanted[index].queue_name);
    return isSame ? queues : null;
  }

  /** A queue that was not there may come, and the partitions of one may change: those are looked up every time. */
  keep(queues: readonly FoundQueue[], statistics: readonly QueueStatistics[]): void {
    if (!queues.every((queue, index) => queue.hasVisibleIndex && queue.partitionedRows === null && statistics[index]?.state === "readable")) return;
    this.#queues = queues.map((queue, index) => ({ ...queue, was: depthOf(statistics[index]) }));
  }
}

function depthOf(statistics: QueueStatistics | undefined): FoundQueue["was"] {
  if (statistics?.depth_estimated !== true) return "shallow";
  return statistics.visible_depth === statistics.depth ? "visibly_deep" : "deep";
}
