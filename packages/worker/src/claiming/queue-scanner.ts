import { type Clock, createBackoff, type Logger } from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import type { QueuePeek } from "../queues/queue-peek.js";
import { failureScope } from "../queues/sql-failure.js";
import type { NamespaceQueues } from "../queues/step-queues.js";
import type { QueueScheduler } from "./queue-scheduler.js";

/** Polls the queues on which nothing is known to wait, all in one statement, so that claims are made only where something waits. */
export interface QueueScanner {
  /** Polls those of the due queues of which nothing is known. Never rejects. */
  peek(due: readonly NamespaceQueues[]): Promise<Peek>;
}

export interface Peek {
  /** The queues to claim from, in the order in which they were given: also those that could not be polled. */
  readonly toClaim: readonly NamespaceQueues[];
  /** The queues that were polled, and could be claimed from. */
  readonly peeked: readonly NamespaceQueues[];
}

export interface QueueScannerOptions {
  readonly scheduler: QueueScheduler;
  readonly queuePeek: QueuePeek;
  /** Requests a claim from a queue after so many milliseconds. */
  readonly visibilityTimer: { schedule(queueName: string, delayMs: number): void };
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 up to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** How many queues the first statement reads; its answer says what the server has room for. */
const initialMaxQueues = 100;
/** How long queues are polled alone after they could not be polled together. */
const separatePollDelays = { firstMs: 1_000, maxMs: 60_000 };
/** Each worker waits a random time, at most this long, before it claims a message that has become visible. Otherwise the same worker would claim every one. */
const maxDelayMs = 250;

export function createQueueScanner(options: QueueScannerOptions): QueueScanner {
  const { scheduler, queuePeek, visibilityTimer, clock, logger, random = Math.random } = options;
  const backoff = createBackoff(separatePollDelays);
  let separateUntilMs = Number.NEGATIVE_INFINITY;
  let isWarned = false;
  let maxQueues = initialMaxQueues;

  /** @returns those that are to be claimed from alone. */
  async function pollTogether(queues: readonly NamespaceQueues[]): Promise<ReadonlySet<string>> {
    const names = queues.map(({ stepQueue }) => stepQueue);
    const found = await queuePeek.read(names, scheduler.maxIntervalMs * 2);
    maxQueues = found.maxQueues;
    for (const queue of queues) {
      if (found.unreadableQueues.has(queue.stepQueue)) continue;
      const inMs = found.visibleInMs.get(queue.stepQueue) ?? Number.POSITIVE_INFINITY;
      scheduler.recordPeek(queue, inMs <= 0);
      if (inMs > 0 && inMs < Number.POSITIVE_INFINITY)
        visibilityTimer.schedule(queue.stepQueue, inMs + random() * maxDelayMs);
    }
    backoff.reset();
    isWarned = false;
    return found.unreadableQueues;
  }

  /** One queue that is locked, or slow, is found by polling each alone: it backs off then, and the next poll leaves it out. */
  function pollSeparately(queues: readonly NamespaceQueues[], error: unknown): void {
    // If the database is down, the next claim fails too and reports it.
    if (failureScope(error) === "database" && classifyFailure(error) !== "timeout") return;
    const delayMs = backoff.next();
    separateUntilMs = clock.monotonicMs() + delayMs;
    if (isWarned) return;
    isWarned = true;
    logger("warn", "the queues could not be polled in one statement: each is polled separately", {
      queues: queues.length,
      retry_in_ms: delayMs,
      error,
    });
  }

  return Object.freeze({
    async peek(due: readonly NamespaceQueues[]) {
      const together = clock.monotonicMs() < separateUntilMs ? [] : scheduler.beginPeek(maxQueues);
      if (together.length === 0) return { toClaim: due, peeked: [] };
      try {
        const unread = await pollTogether(together);
        return {
          toClaim: due.filter(
            (queue) => scheduler.shouldClaim(queue) || unread.has(queue.stepQueue),
          ),
          peeked: together.filter(({ stepQueue }) => !unread.has(stepQueue)),
        };
      } catch (error) {
        pollSeparately(together, error);
        return { toClaim: due, peeked: [] };
      }
    },
  });
}
