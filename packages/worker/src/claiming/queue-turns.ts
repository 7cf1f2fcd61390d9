import type { Clock } from "@tasker-observability/core";
import type { NamespaceQueues } from "../queues/step-queues.js";

/** Says which queues to look at now, and in which order. */
export interface QueueTurns {
  /** The queues that are due, the one that has waited longest for its turn first. */
  due(): readonly NamespaceQueues[];
  /** Milliseconds until a queue is due; 0 where one is now. */
  untilDueMs(): number;
  /** Something may be on this queue: it is due before its next poll. Other names are ignored. */
  stir(queueName: string): void;
  /**
   * Called before a look: what is put on the queue while it is under way stirs it again.
   * @returns milliseconds since the last look, where this one comes by polling alone; null where there was another reason.
   */
  beginLook(queue: NamespaceQueues): number | null;
  /** @param mayHaveMore - the look came back full. */
  looked(queue: NamespaceQueues, mayHaveMore: boolean): void;
  /** The look failed, and the fault is the queue's: it waits, longer each time. @returns for how many milliseconds. */
  failed(queue: NamespaceQueues): number;
}

interface Turn {
  readonly queue: NamespaceQueues;
  isStirred: boolean;
  nextPollMs: number;
  lookedAtMs: number;
  /** Not before this, whatever stirs it. */
  restsUntilMs: number;
  restMs: number;
}

const restsMs = { first: 100, most: 5_000 };

/** @param options.pollingIntervalMs - milliseconds between looks at a queue of which nothing was heard. */
export function createQueueTurns(options: {
  readonly queues: readonly NamespaceQueues[];
  readonly pollingIntervalMs: number;
  readonly clock: Clock;
}): QueueTurns {
  const { queues, pollingIntervalMs, clock } = options;
  const never = Number.NEGATIVE_INFINITY;
  const turns = new Map<string, Turn>(
    queues.map((queue) => [
      queue.steps,
      {
        queue,
        isStirred: false,
        nextPollMs: never,
        lookedAtMs: never,
        restsUntilMs: never,
        restMs: 0,
      },
    ]),
  );
  const turnOf = (queue: NamespaceQueues): Turn | undefined => turns.get(queue.steps);
  const dueAtMs = (turn: Turn): number =>
    Math.max(turn.isStirred ? never : turn.nextPollMs, turn.restsUntilMs);
  return Object.freeze({
    due() {
      const nowMs = clock.monotonicMs();
      const due = [...turns.values()].filter((turn) => dueAtMs(turn) <= nowMs);
      return due.sort((one, other) => one.lookedAtMs - other.lookedAtMs).map((turn) => turn.queue);
    },
    untilDueMs: () =>
      Math.max(0, Math.min(...[...turns.values()].map(dueAtMs)) - clock.monotonicMs()),
    stir(queueName: string) {
      const turn = turns.get(queueName);
      if (turn !== undefined) turn.isStirred = true;
    },
    beginLook(queue: NamespaceQueues) {
      const turn = turnOf(queue);
      if (turn === undefined) return null;
      const polledAfterMs = turn.isStirred ? null : clock.monotonicMs() - turn.lookedAtMs;
      turn.isStirred = false;
      return polledAfterMs;
    },
    looked(queue: NamespaceQueues, mayHaveMore: boolean) {
      const turn = turnOf(queue);
      if (turn === undefined) return;
      turn.isStirred ||= mayHaveMore;
      turn.lookedAtMs = clock.monotonicMs();
      turn.nextPollMs = turn.lookedAtMs + pollingIntervalMs;
      turn.restMs = 0;
    },
    failed(queue: NamespaceQueues) {
      const turn = turnOf(queue);
      if (turn === undefined) return 0;
      turn.isStirred = true;
      turn.lookedAtMs = clock.monotonicMs();
      turn.restMs = Math.min(Math.max(turn.restMs * 2, restsMs.first), restsMs.most);
      turn.restsUntilMs = turn.lookedAtMs + turn.restMs;
      return turn.restMs;
    },
  });
}
