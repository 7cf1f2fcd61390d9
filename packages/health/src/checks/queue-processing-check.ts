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
import { listNames } from "./list-names.js";

export const backlogThresholds = z.strictObject({
  /** Queues: degraded if one has at least this many messages. @default 10000 */
  overflowThreshold: z._default(amountOption("messages"), 10_000),
  /** Queues: degraded if a queue's oldest visible message is at least this old. @default 300 */
  maxAgeSeconds: z._default(amountOption("s"), 300),
});
/** The thresholds from which a queue is a backlog. */
export type BacklogThresholds = z.input<typeof backlogThresholds>;

const queueProcessingCheckOptions = z.strictObject({
  /** The queues that this worker reads. */
  queues: objectLike<MessageQueues>({ name: "MessageQueues", methods: ["statistics"] }),
  ...checkOptions.shape,
  ...backlogThresholds.shape,
});
/** Options of {@link createQueueProcessingCheck}. */
export type QueueProcessingCheckOptions = z.input<typeof queueProcessingCheckOptions>;

/** Reads this worker's own queues. A backlog degrades the worker but never makes it unready, since fewer workers would not shorten it. */
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
    format(`unreadable (${statesOf(unreadable)})`, unreadable, queues, () => ""),
    format(
      `at ${thresholds.overflowThreshold} messages or more`,
      deep,
      queues,
      ({ depth }) => ` (${depth ?? 0})`,
    ),
    format(
      `with messages waiting for ${thresholds.maxAgeSeconds} s or longer`,
      old,
      queues,
      ({ oldest_visible_age_seconds: seconds }) => ` (${Math.floor(seconds ?? 0)} s)`,
    ),
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return { status: "healthy", message: totalOf(queues) };
  // A queue that was not read in time is usually busy or long: that is a backlog, not a fault.
  const noneReadable =
    unreadable.length === queues.length && queues.every((queue) => queue.state !== "timed_out");
  return { status: noneReadable ? "unhealthy" : "degraded", message: problems.join("; ") };
}

function totalOf(queues: readonly QueueStatistics[]): string {
  const depth = queues.reduce((sum, queue) => sum + (queue.depth ?? 0), 0);
  const about = queues.some((queue) => queue.depth_estimated) ? "about " : "";
  return `total depth ${about}${depth} over ${queues.length} ${queues.length === 1 ? "queue" : "queues"}`;
}

/** A fault, with the number of its queues and the names of the first. */
function format(
  what: string,
  some: readonly QueueStatistics[],
  all: readonly QueueStatistics[],
  detailOf: (queue: QueueStatistics) => string,
): string | null {
  if (some.length === 0) return null;
  const names = some.map((queue) => `${queue.queue_name}${detailOf(queue)}`);
  return `${some.length} of ${all.length} queues ${what}: ${listNames(names)}`;
}

function statesOf(queues: readonly QueueStatistics[]): string {
  return [...new Set(queues.map((queue) => queue.state))].sort().join(", ");
}
