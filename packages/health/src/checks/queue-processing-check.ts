import { type MessageQueues, portAnswers, type QueueStatistics } from "@tasker-observability/core";
import { objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import {
  amountOption,
  checkOptions,
  type CheckResult,
  readinessProbes,
  type SharedCheck,
} from "./check.js";

export const backlogThresholds = z.strictObject({
  /** Queues: degraded from this many messages in one of them. @default 10000 */
  overflowThreshold: z._default(amountOption("messages"), 10_000),
  /** Queues: degraded from this age of a queue's oldest visible message. @default 300 */
  maxAgeSeconds: z._default(amountOption("s"), 300),
});
/** When a backlog counts as one. */
export type BacklogThresholds = z.input<typeof backlogThresholds>;

const queueProcessingCheckOptions = z.strictObject({
  /** The queues that this worker reads. */
  queues: objectLike<MessageQueues>({ name: "MessageQueues", methods: ["statistics"] }),
  ...checkOptions.shape,
  ...backlogThresholds.shape,
});
/** Options of {@link createQueueProcessingCheck}. */
export type QueueProcessingCheckOptions = z.input<typeof queueProcessingCheckOptions>;

/** Reads this worker's own queues. A backlog degrades the worker and never makes it unready: fewer workers would not shorten it. */
export function createQueueProcessingCheck(options: QueueProcessingCheckOptions): SharedCheck {
  const {
    queues,
    criticality = "required",
    ...thresholds
  } = parseOptions("createQueueProcessingCheck", queueProcessingCheckOptions, options);
  return {
    name: "queue_processing",
    criticality,
    probes: readinessProbes,
    cached: true,
    async run(signal) {
      return evaluate(await portAnswers.queues(queues, signal), thresholds);
    },
  };
}

function evaluate(
  queues: readonly QueueStatistics[],
  thresholds: z.output<typeof backlogThresholds>,
): CheckResult {
  const unreadable = queues.filter((queue) => queue.state !== "readable");
  const deep = queues.filter((queue) => (queue.depth ?? 0) >= thresholds.overflowThreshold);
  const old = queues.filter(
    (queue) => (queue.oldest_visible_age_seconds ?? 0) >= thresholds.maxAgeSeconds,
  );
  const problems = [
    format(unreadable, queues, `unreadable (${statesOf(unreadable)})`),
    format(deep, queues, `at ${thresholds.overflowThreshold} messages or more`),
    format(old, queues, `with messages waiting for ${thresholds.maxAgeSeconds} s or longer`),
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return { status: "healthy" };
  // A queue that was not read in time is usually busy or long: that is a backlog, not a fault.
  const noneReadable =
    unreadable.length === queues.length && queues.every((queue) => queue.state !== "timed_out");
  return { status: noneReadable ? "unhealthy" : "degraded", message: problems.join("; ") };
}

function format(
  some: readonly QueueStatistics[],
  all: readonly QueueStatistics[],
  what: string,
): string | null {
  return some.length === 0 ? null : `${some.length} of ${all.length} queues ${what}`;
}

function statesOf(queues: readonly QueueStatistics[]): string {
  return [...new Set(queues.map((queue) => queue.state))].sort().join(", ");
}
