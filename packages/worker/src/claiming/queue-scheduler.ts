import { type Backoff, type Clock, createBackoff } from "@tasker-observability/core";
import type { NamespaceQueues } from "../queues/step-queues.js";

/** Decides which queues to poll now, and in which order. */
export interface QueueScheduler {
  /** The queues that are due, the one that has waited longest first. */
  due(): readonly NamespaceQueues[];
  /** Milliseconds until a queue is due; 0 where one is now. */
  untilDueMs(): number;
  /** Has a queue claimed from now, since there may be a message on it. Ignores unknown names. */
  requestClaim(queueName: string): void;
  /** Has a queue polled now, together with others. Ignores unknown names. */
  requestPeek(queueName: string): void;
  /** Whether a claim was requested, or more messages wait on the queue than its last claim took. */
  isClaimDue(queue: NamespaceQueues): boolean;
  /** Whether to claim from the queue without a peek: a claim is requested, or a peek found a message. */
  shouldClaim(queue: NamespaceQueues): boolean;
  /**
   * The queues to poll in one statement: none unless one is due of which nothing is known, and with it those that will be due soon.
   * None for one queue that is polled every polling interval: a claim is its poll. A peek that is requested meanwhile is made afterwards.
   */
  beginPeek(maxQueues: number): readonly NamespaceQueues[];
  /** Called after a peek. @param isVisible - whether a message can be claimed from this one. */
  recordPeek(queue: NamespaceQueues, isVisible: boolean): void;
  /** The longest time between two polls of a queue, in milliseconds, give or take a quarter. */
  readonly maxIntervalMs: number;
  /**
   * Called before a claim: another one that is requested meanwhile is made afterwards.
   * @returns milliseconds since the last poll; null when a claim was requested.
   */
  beginClaim(queue: NamespaceQueues): number | null;
  /** @param mayHaveMore - whether the claim came back full. */
  recordClaim(queue: NamespaceQueues, mayHaveMore: boolean): void;
  /** Backs off from a queue whose claim failed. @returns for how many milliseconds. */
  recordFailedClaim(queue: NamespaceQueues): number;
}

interface Entry {
  readonly queue: NamespaceQueues;
  isClaimDue: boolean;
  /** Whether it is to be polled now, together with others. */
  isPeekRequested: boolean;
  /** Whether a peek found a message that is not claimed yet. */
  hasPeekedMessage: boolean;
  /** Whether the last poll was a claim: what was sent meanwhile may have notified already, and become visible only later. */
  wasLastPollClaim: boolean;
  polledAtMs: number;
  /** Of its interval, how much to wait until the next poll: about 1. */
  jitter: number;
  /** Not due before this, even when a claim is requested. */
  backoffUntilMs: number;
  readonly backoff: Backoff;
}

const pollDelays = { firstMs: 100, maxMs: 5_000 };
/** Milliseconds between polls of a queue whose inserts notify, unless the polling interval is longer. */
const notifyingIntervalMs = 5_000;

export interface QueueSchedulerOptions {
  readonly queues: readonly NamespaceQueues[];
  /** Milliseconds between polls of a queue for which no claim is requested, give or take a quarter. */
  readonly pollingIntervalMs: number;
  /**
   * The queues whose inserts are seen to notify. After a poll that claimed nothing, the next one comes after `maxIntervalMs`
   * instead of `pollingIntervalMs`, give or take a quarter. @default none
   */
  readonly notifyingQueues?: Pick<ReadonlySet<string>, "has"> | undefined;
  readonly clock: Clock;
  /** From 0 up to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Polls come earlier or later by up to a quarter: if workers polled in step, the same one would claim every released message. */
export function createQueueScheduler(options: QueueSchedulerOptions): QueueScheduler {
  return new Scheduler(options);
}

class Scheduler implements QueueScheduler {
  readonly maxIntervalMs: number;
  readonly #options: QueueSchedulerOptions;
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(options: QueueSchedulerOptions) {
    this.#options = options;
    this.#entries = new Map(options.queues.map((queue) => [queue.stepQueue, createEntry(queue)]));
    this.maxIntervalMs = Math.max(options.pollingIntervalMs, notifyingIntervalMs);
  }

  due(): readonly NamespaceQueues[] {
    const nowMs = this.#options.clock.monotonicMs();
    const due = [...this.#entries.values()].filter((entry) => this.#dueAtMs(entry) <= nowMs);
    return due.sort(byPollTime).map((entry) => entry.queue);
  }

  untilDueMs(): number {
    const dueAtMs = [...this.#entries.values()].map((entry) => this.#dueAtMs(entry));
    return Math.max(0, Math.min(...dueAtMs) - this.#options.clock.monotonicMs());
  }

  requestClaim(queueName: string): void {
    const entry = this.#entries.get(queueName);
    if (entry !== undefined) entry.isClaimDue = true;
  }

  requestPeek(queueName: string): void {
    const entry = this.#entries.get(queueName);
    if (entry !== undefined) entry.isPeekRequested = true;
  }

  isClaimDue(queue: NamespaceQueues): boolean {
    return this.#entries.get(queue.stepQueue)?.isClaimDue === true;
  }

  shouldClaim(queue: NamespaceQueues): boolean {
    const entry = this.#entries.get(queue.stepQueue);
    return entry !== undefined && shouldClaim(entry);
  }

  beginPeek(maxQueues: number): readonly NamespaceQueues[] {
    const { pollingIntervalMs, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const quiet = [...this.#entries.values()].filter((entry) => !shouldClaim(entry));
    if (!quiet.some((entry) => this.#dueAtMs(entry) <= nowMs)) return [];
    const soonMs = nowMs + pollingIntervalMs / 2;
    const soon = quiet.filter((entry) => this.#dueAtMs(entry) <= soonMs);
    if (soon.length === 1 && !soon.some((entry) => this.#isNotifying(entry))) return [];
    const polled = soon.sort(byPollTime).slice(0, maxQueues);
    // The same for all, so that the next poll is one of all again.
    const jitter = this.#drawJitter();
    for (const entry of polled) {
      entry.isPeekRequested = false;
      entry.jitter = jitter;
    }
    return polled.map((entry) => entry.queue);
  }

  recordPeek(queue: NamespaceQueues, isVisible: boolean): void {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return;
    entry.hasPeekedMessage = isVisible;
    // The claim that follows looks at what came since the poll before this one.
    if (isVisible) return;
    entry.polledAtMs = this.#options.clock.monotonicMs();
    entry.wasLastPollClaim = false;
  }

  beginClaim(queue: NamespaceQueues): number | null {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return null;
    const elapsedMs = this.#options.clock.monotonicMs() - entry.polledAtMs;
    const pollGapMs = entry.isClaimDue ? null : elapsedMs;
    entry.isClaimDue = false;
    entry.hasPeekedMessage = false;
    entry.isPeekRequested = false;
    return pollGapMs;
  }

  recordClaim(queue: NamespaceQueues, mayHaveMore: boolean): void {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return;
    entry.isClaimDue ||= mayHaveMore;
    entry.polledAtMs = this.#options.clock.monotonicMs();
    entry.jitter = this.#drawJitter();
    entry.wasLastPollClaim = true;
    entry.backoff.reset();
  }

  recordFailedClaim(queue: NamespaceQueues): number {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return 0;
    entry.isClaimDue = true;
    entry.polledAtMs = this.#options.clock.monotonicMs();
    const delayMs = entry.backoff.next();
    entry.backoffUntilMs = entry.polledAtMs + delayMs;
    return delayMs;
  }

  #isNotifying({ queue }: Entry): boolean {
    return this.#options.notifyingQueues?.has(queue.stepQueue) === true;
  }

  #dueAtMs(entry: Entry): number {
    const isImmediate = shouldClaim(entry) || entry.isPeekRequested;
    return Math.max(isImmediate ? longAgo : this.#nextPollMs(entry), entry.backoffUntilMs);
  }

  #nextPollMs(entry: Entry): number {
    const isRare = !entry.wasLastPollClaim && this.#isNotifying(entry);
    const intervalMs = isRare ? this.maxIntervalMs : this.#options.pollingIntervalMs;
    return entry.polledAtMs + intervalMs * entry.jitter;
  }

  #drawJitter(): number {
    const { random = Math.random } = this.#options;
    return 0.75 + random() / 2;
  }
}

function shouldClaim({ isClaimDue, hasPeekedMessage }: Entry): boolean {
  return isClaimDue || hasPeekedMessage;
}

const longAgo = Number.NEGATIVE_INFINITY;

/** The one that has waited longest first. Those that were never polled are equal. */
function byPollTime(one: Entry, other: Entry): number {
  return one.polledAtMs === other.polledAtMs ? 0 : one.polledAtMs - other.polledAtMs;
}

function createEntry(queue: NamespaceQueues): Entry {
  return {
    queue,
    isClaimDue: false,
    isPeekRequested: false,
    hasPeekedMessage: false,
    wasLastPollClaim: true,
    polledAtMs: longAgo,
    jitter: 1,
    backoffUntilMs: longAgo,
    backoff: createBackoff(pollDelays),
  };
}
