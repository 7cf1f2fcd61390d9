import type { QueueStatistics } from "@tasker-observability/core";
import type { PgmqQueue } from "./pgmq-queue.js";

/** A queue whose numbers could not be had. */
export function unreadQueue(queue: PgmqQueue, state: QueueStatistics["state"]): QueueStatistics {
  return Object.freeze({
    namespace: queue.namespace,
    queue_name: queue.queue_name,
    state,
    depth: null,
    visible_depth: null,
    oldest_message_age_seconds: null,
    oldest_visible_age_seconds: null,
    depth_estimated: false,
  });
}
