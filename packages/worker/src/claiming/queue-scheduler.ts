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
  /** Has a queue polled now, together with others. Ignores unknown names. */
  markDue(queueName: string): void;
  /** Whether the queue was marked ready, or more waits on it than its last poll took. */
  isReady(queue: NamespaceQueues): boolean;
  /** Whether something waits on the queue, as far as is known: it is ready, or a poll of many queues found something. */
  isWaiting(queue: NamespaceQueues): boolean;
  /**
   * The queues to poll in one statement: none unless one is due of which nothing is known, and with it those that will be due soon.
   * None for one queue that is polled every polling interval: a claim is its poll. A queue that is marked due during the poll stays due.
   */
  beginPeek(most: number): readonly NamespaceQueues[];
  /** Called after a poll of many queues. @param isVisible - whether a message can be claimed from this one. */
  peeked(queue: NamespaceQueues, isVisible: boolean): void;
  /** The longest time between two polls of a queue, in milliseconds, give or take a quarter. */
  readonly longestIntervalMs: number;
  /**
   * Called before a poll: a queue that is marked ready during the poll stays ready.
   * @returns milliseconds since the last poll; null when the queue was marked ready.
   */
  beginClaim(queue: NamespaceQueues): number | null;
  /** @param mayHaveMore - whether the poll came back full. */
  claimed(queue: NamespaceQueues, mayHaveMore: boolean): void;
  /** Backs off from a queue whose poll failed. @returns for how many milliseconds. */
  claimFailed(queue: NamespaceQueues): number;
}

interface Entry {
  readonly queue: NamespaceQueues;
  isReady: boolean;
  /** Whether it was marked due. */
  isDue: boolean;
  /** Whether a poll of many queues found something that is not claimed yet. */
  isFound: boolean;
  /** Whether the last poll was a claim: what was sent meanwhile may have been announced, and become visible only later. */
  wasClaimed: boolean;
  polledAtMs: number;
  /** Of its interval, how much to wait until the next poll: about 1. */
  jitter: number;
  /** Not due before this, even when it is ready. */
  backoffUntilMs: number;
  readonly backoff: Backoff;
}

const pollDelays = { firstMs: 100, maxMs: 5_000 };
/** Milliseconds between polls of a queue whose inserts notify. */
const announcedIntervalMs = 5_000;

export interface QueueSchedulerOptions {
  readonly queues: readonly NamespaceQueues[];
  /** Milliseconds between polls of a queue that nothing marks ready, give or take a quarter. */
  readonly pollingIntervalMs: number;
  /** The queues whose inserts are seen to notify: they are polled every five seconds, give or take a quarter. @default none */
  readonly announced?: Pick<ReadonlySet<string>, "has"> | undefined;
  readonly clock: Clock;
  /** From 0 up to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Polls come earlier or later by up to a quarter: if workers polled in step, the same one would claim every returned message. */
export function createQueueScheduler(options: QueueSchedulerOptions): QueueScheduler {
  return new Scheduler(options);
}

class Scheduler implements QueueScheduler {
  readonly longestIntervalMs: number;
  readonly #options: QueueSchedulerOptions;
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(options: QueueSchedulerOptions) {
    this.#options = options;
    this.#entries = new Map(options.queues.map((queue) => [queue.stepQueue, createEntry(queue)]));
    this.longestIntervalMs = Math.max(options.pollingIntervalMs, announcedIntervalMs);
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

  markReady(queueName: string): void {
    const entry = this.#entries.get(queueName);
    if (entry !== undefined) entry.isReady = true;
  }

  markDue(queueName: string): void {
    const entry = this.#entries.get(queueName);
    if (entry !== undefined) entry.isDue = true;
  }

  isReady(queue: NamespaceQueues): boolean {
    return this.#entries.get(queue.stepQueue)?.isReady === true;
  }

  isWaiting(queue: NamespaceQueues): boolean {
    const entry = this.#entries.get(queue.stepQueue);
    return entry !== undefined && isWaiting(entry);
  }

  beginPeek(most: number): readonly NamespaceQueues[] {
    const { pollingIntervalMs, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const quiet = [...this.#entries.values()].filter((entry) => !isWaiting(entry));
    if (!quiet.some((entry) => this.#dueAtMs(entry) <= nowMs)) return [];
    const soonMs = nowMs + pollingIntervalMs / 2;
    const soon = quiet.filter((entry) => this.#dueAtMs(entry) <= soonMs);
    if (soon.length === 1 && !soon.some((entry) => this.#isAnnounced(entry))) return [];
    const polled = soon.sort(byPollTime).slice(0, most);
    // The same for all, so that the next poll is one of all again.
    const jitter = this.#drawJitter();
    for (const entry of polled) Object.assign(entry, { isDue: false, jitter });
    return polled.map((entry) => entry.queue);
  }

  peeked(queue: NamespaceQueues, isVisible: boolean): void {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return;
    entry.isFound = isVisible;
    // The claim that follows looks at what came since the poll before this one.
    if (isVisible) return;
    entry.polledAtMs = this.#options.clock.monotonicMs();
    entry.wasClaimed = false;
  }

  beginClaim(queue: NamespaceQueues): number | null {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return null;
    const sinceMs = this.#options.clock.monotonicMs() - entry.polledAtMs;
    const polledAfterMs = entry.isReady ? null : sinceMs;
    entry.isReady = false;
    entry.isFound = false;
    entry.isDue = false;
    return polledAfterMs;
  }

  claimed(queue: NamespaceQueues, mayHaveMore: boolean): void {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return;
    entry.isReady ||= mayHaveMore;
    entry.polledAtMs = this.#options.clock.monotonicMs();
    entry.jitter = this.#drawJitter();
    entry.wasClaimed = true;
    entry.backoff.reset();
  }

  claimFailed(queue: NamespaceQueues): number {
    const entry = this.#entries.get(queue.stepQueue);
    if (entry === undefined) return 0;
    entry.isReady = true;
    entry.polledAtMs = this.#options.clock.monotonicMs();
    const delayMs = entry.backoff.next();
    entry.backoffUntilMs = entry.polledAtMs + delayMs;
    return delayMs;
  }

  #isAnnounced({ queue }: Entry): boolean {
    return this.#options.announced?.has(queue.stepQueue) === true;
  }

  #dueAtMs(entry: Entry): number {
    const isAtOnce = isWaiting(entry) || entry.isDue;
    return Math.max(isAtOnce ? longAgo : this.#nextPollMs(entry), entry.backoffUntilMs);
  }

  #nextPollMs(entry: Entry): number {
    const isRare = !entry.wasClaimed && this.#isAnnounced(entry);
    const intervalMs = isRare ? this.longestIntervalMs : this.#options.pollingIntervalMs;
    return entry.polledAtMs + intervalMs * entry.jitter;
  }

  #drawJitter(): number {
    const { random = Math.random } = this.#options;
    return 0.75 + random() / 2;
  }
}

function isWaiting({ isReady, isFound }: Entry): boolean {
  return isReady || isFound;
}

const longAgo = Number.NEGATIVE_INFINITY;

/** The one that has waited longest first. Those that were never polled are equal. */
function byPollTime(one: Entry, other: Entry): number {
  return one.polledAtMs === other.polledAtMs ? 0 : one.polledAtMs - other.polledAtMs;
}

function createEntry(queue: NamespaceQueues): Entry {
  return {
    queue,
    isReady: false,
    isDue: false,
    isFound: false,
    wasClaimed: true,
    polledAtMs: longAgo,
    jitter: 1,
    backoffUntilMs: longAgo,
    backoff: createBackoff(pollDelays),
  };
}
