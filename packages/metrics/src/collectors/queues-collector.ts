import { type MessageQueues, portAnswers } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

// All processes see the same queues, so that their numbers are not added up.
const byNamespace = { type: "gauge", labels: ["namespace"], aggregator: "max" } as const;
const depth: Family = {
  ...byNamespace,
  name: "tasker_worker_queue_depth",
  help: "Messages in the queue, including those in progress.",
};
const visibleDepth: Family = {
  ...byNamespace,
  name: "tasker_worker_queue_visible_depth",
  help: "Messages in the queue that can be claimed now.",
};
const oldestAge: Family = {
  ...byNamespace,
  name: "tasker_worker_queue_oldest_message_age_seconds",
  help: "Seconds since the oldest message of the queue was sent; 0 when it is empty.",
  merge: "max",
};
const oldestVisibleAge: Family = {
  ...byNamespace,
  name: "tasker_worker_queue_oldest_visible_age_seconds",
  help: "Seconds for which the longest waiting message could have been claimed; 0 when none waits.",
  merge: "max",
};
const estimated: Family = {
  ...byNamespace,
  name: "tasker_worker_queue_depth_estimated",
  help: "1 if the depth is an estimate because the queue is too long to count exactly, else 0.",
  merge: "max",
};

/** The depth and the message ages of the worker's queues. A queue that cannot be read loses only its own samples. */
export function createQueuesCollector({ queues }: { readonly queues: MessageQueues }): Collector {
  return {
    name: "queues",
    families: [depth, visibleDepth, oldestAge, oldestVisibleAge, estimated],
    async collect(readings, signal) {
      for (const queue of await portAnswers.queues(queues, signal)) {
        if (queue.state !== "readable") {
          readings.incomplete();
          continue;
        }
        const labels = [queue.namespace];
        readings.record(depth, labels, queue.depth);
        readings.record(visibleDepth, labels, queue.visible_depth);
        readings.record(oldestAge, labels, queue.oldest_message_age_seconds ?? 0);
        readings.record(oldestVisibleAge, labels, queue.oldest_visible_age_seconds ?? 0);
        readings.record(estimated, labels, queue.depth_estimated ? 1 : 0);
      }
    },
  };
}
