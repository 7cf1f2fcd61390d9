import { type Backoff, type Clock, createBackoff } from "@tasker-observability/core";
import type { NamespaceQueues } from "../queues/step-queues.js";

/** Decides which queues to poll now, and in which order. */
export interface QueueScheduler {
  /** The queues that are due, the one that has waited longest first. */
  due(): readonly NamespaceQueues[];
  /** Milliseconds until a queue is due; 0 where one is now. */
  untilDueMs(): number;
  /** Makes a queue due before its next poll, since there may be a message on it. Ignores unknown names. */
  markReady(queueName: string): void;
  /** Whether something waits on the queue, as far as is known. */
  isReady(queue: NamespaceQueues): boolean;
  /**
   * Called before a poll: a queue that is marked ready during the poll stays ready.
   * @returns milliseconds since the last poll; null when the queue was marked ready.
   */
  beginPoll(queue: NamespaceQueues): number | null;
  /** @param mayHaveMore - whether the poll came back full. */
  polled(queue: NamespaceQueues, mayHaveMore: boolean): void;
  /** Backs off from a queue whose poll failed. @returns for how many milliseconds. */
  pollFailed(queue: NamespaceQueues): number;
}

interface Entry {
  readonly queue: NamespaceQueues;
  isReady: boolean;
  nextPollMs: number;
  polledAtMs: number;
  /** Not due before this, even when it is ready. */
  backoffUntilMs: number;
  readonly backoff: Backoff;
}

const pollDelays = { firstMs: 100, maxMs: 5_000 };

/**
 * @param options.pollingIntervalMs - milliseconds between polls of a queue that nothing marks ready, give or take a quarter: one
 * notification wakes all workers at once, and if they polled in step, the same one would claim every returned message.
 */
export function createQueueScheduler(options: {
  readonly queues: readonly NamespaceQueues[];
  readonly pollingIntervalMs: number;
  readonly clock: Clock;
  /** From 0 up to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}): QueueScheduler {
  const { queues, pollingIntervalMs, clock, random = Math.random } = options;
  const entries = new Map(queues.map((queue) => [queue.steps, createEntry(queue)]));
  const entryOf = (queue: NamespaceQueues): Entry | undefined => entries.get(queue.steps);
  const dueAtMs = (entry: Entry): number =>
    Math.max(entry.isReady ? longAgo : entry.nextPollMs, entry.backoffUntilMs);
  return Object.freeze({
    due() {
      const nowMs = clock.monotonicMs();
      const due = [...entries.values()].filter((entry) => dueAtMs(entry) <= nowMs);
      return due
        .sort((one, other) => one.polledAtMs - other.polledAtMs)
        .map((entry) => entry.queue);
    },
    untilDueMs: () =>
      Math.max(0, Math.min(...[...entries.values()].map(dueAtMs)) - clock.monotonicMs()),
    markReady(queueName: string) {
      const entry = entries.get(queueName);
      if (entry !== undefined) entry.isReady = true;
    },
    isReady: (queue: NamespaceQueues) => entryOf(queue)?.isReady === true,
    beginPoll(queue: NamespaceQueues) {
      const entry = entryOf(queue);
      if (entry === undefined) return null;
      const polledAfterMs = entry.isReady ? null : clock.monotonicMs() - entry.polledAtMs;
      entry.isReady = false;
      return polledAfterMs;
    },
    polled(queue: NamespaceQueues, mayHaveMore: boolean) {
      const entry = entryOf(queue);
      if (entry === undefined) return;
      entry.isReady ||= mayHaveMore;
      entry.polledAtMs = clock.monotonicMs();
      entry.nextPollMs = entry.polledAtMs + pollingIntervalMs * (0.75 + random() / 2);
      entry.backoff.reset();
    },
    pollFailed(queue: NamespaceQueues) {
      const entry = entryOf(queue);
      if (entry === undefined) return 0;
      entry.isReady = true;
      entry.polledAtMs = clock.monotonicMs();
      const delayMs = entry.backoff.next();
      entry.backoffUntilMs = entry.polledAtMs + delayMs;
      return delayMs;
    },
  });
}

const longAgo = Number.NEGATIVE_INFINITY;

function createEntry(queue: NamespaceQueues): Entry {
  return {
    queue,
    isReady: false,
    nextPollMs: longAgo,
    polledAtMs: longAgo,
    backoffUntilMs: longAgo,
    backoff: createBackoff(pollDelays),
  };
}
