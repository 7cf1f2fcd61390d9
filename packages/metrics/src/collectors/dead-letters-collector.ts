import { type MessageQueues, portAnswers } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

// All processes see the same queues, so that their numbers are not added up.
const byNamespace = { type: "gauge", labels: ["namespace"], aggregator: "max" } as const;
const depth: Family = {
  ...byNamespace,
  name: "tasker_worker_dead_letters",
  help: "Dead letters: messages of steps that failed for good, and wait until somebody runs them again or purges them.",
};
const oldestAge: Family = {
  ...byNamespace,
  name: "tasker_worker_dead_letter_oldest_age_seconds",
  help: "Seconds since the oldest dead letter was written; 0 when there is none.",
  merge: "max",
};

/** The dead letters by namespace. A queue that cannot be read loses only its own samples. */
export function createDeadLettersCollector({
  deadLetters,
}: {
  readonly deadLetters: MessageQueues;
}): Collector {
  return {
    name: "dead_letters",
    families: [depth, oldestAge],
    async collect(readings, signal) {
      for (const queue of await portAnswers.queues(deadLetters, signal)) {
        if (queue.state !== "readable") {
          readings.incomplete();
          continue;
        }
        readings.record(depth, [queue.namespace], queue.depth);
        readings.record(oldestAge, [queue.namespace], queue.oldest_message_age_seconds ?? 0);
      }
    },
  };
}
