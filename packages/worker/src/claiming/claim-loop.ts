import {
  type ClaimRefusals,
  type Clock,
  createBackoff,
  createHeartbeat,
  type Heartbeat,
  type Logger,
} from "@tasker-observability/core";
import { type ClaimHealth, createClaimHealth } from "./claim-health.js";
import { createQueueScheduler, type QueueScheduler } from "./queue-scheduler.js";
import { isFaultOfQueue } from "../queues/sql-failure.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import type { NamespaceQueues, StepQueues } from "../queues/step-queues.js";
import { createWakeUp, type WakeUp } from "./wake-up.js";

export interface ClaimLoopOptions {
  readonly queues: readonly NamespaceQueues[];
  readonly source: Pick<StepQueues, "claim">;
  /** How many messages there is room for right now: of one queue, or (no name) of any. */
  readonly room: (queueName?: string) => number;
  /** Asked after every round of looks: milliseconds to rest, because the process is short of breath. @default never */
  readonly restMs?: (() => number) | undefined;
  /** Takes over a claimed message; must not throw. */
  readonly start: (namespace: string, claim: ClaimedMessage) => void;
  /** A queue that was missing can be claimed from again; must not throw. @default nobody is told */
  readonly onReturn?: ((queueName: string) => void) | undefined;
  /** Polling found new messages that nothing had announced; must not throw. @default nobody is told */
  readonly onUnannounced?: ((queueName: string) => void) | undefined;
  /** The most that one claim asks for. */
  readonly batchSize: number;
  /** Milliseconds between looks at a queue of which nothing was heard. */
  readonly pollingIntervalMs: number;
  /** Milliseconds that a claim may take before the loop counts as stuck in it. */
  readonly claimPatienceMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Claims messages and starts them, until it is stopped. */
export interface ClaimLoop {
  readonly heartbeat: Heartbeat;
  state(): "running" | "paused" | "stopped";
  /** Milliseconds since a queue was last looked at with success, or there was reason not to look. */
  polledAgoMs(): number;
  /** Null while no claim is refused. */
  refusals(): ClaimRefusals | null;
  /** Resolves when a claim that is under way on the queue has come back, and what it brought is taken over. Never rejects. */
  whenTakenOver(queueName: string): Promise<void>;
  /** Resolves when the loop has ended: after `stop`, or because it broke. */
  run(): Promise<void>;
  /** There may be something to claim: on one queue, or (no name) room for more. */
  wake(queueName?: string): void;
  pause(): void;
  resume(): void;
  stop(): void;
}

/** However idle or full, the loop comes by this often, so that its heartbeat tells the truth. */
const longestSleepMs = 1_000;
const failureDelays = { firstMs: 100, maxMs: 5_000, jitter: 0.2 };

export function createClaimLoop(options: ClaimLoopOptions): ClaimLoop {
  return new Loop(options);
}

class Loop implements ClaimLoop {
  readonly heartbeat: Heartbeat;
  readonly #options: ClaimLoopOptions;
  readonly #scheduler: QueueScheduler;
  readonly #health: ClaimHealth;
  readonly #wakeUp: WakeUp;
  #isRunning = false;
  #isPaused = false;
  #stopping = false;
  #polledAtMs: number;
  #underWay: { readonly queueName: string; readonly claim: Promise<void> } | null = null;
  readonly #backoff = createBackoff(failureDelays);

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
    this.heartbeat = createHeartbeat(options.clock);
    this.#scheduler = createQueueScheduler(options);
    this.#health = createClaimHealth(options);
    this.#wakeUp = createWakeUp(options.clock);
    this.#polledAtMs = options.clock.monotonicMs();
  }

  state(): "running" | "paused" | "stopped" {
    if (!this.#isRunning) return "stopped";
    return this.#isPaused ? "paused" : "running";
  }

  polledAgoMs(): number {
    return this.#options.clock.monotonicMs() - this.#polledAtMs;
  }

  refusals(): ClaimRefusals | null {
    return this.#health.refusals();
  }

  async whenTakenOver(queueName: string): Promise<void> {
    if (this.#underWay?.queueName === queueName) await this.#underWay.claim.catch(() => undefined);
  }

  async run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (!this.#isStopping()) await this.#pass();
    } finally {
      this.#isRunning = false;
    }
  }

  wake(queueName?: string): void {
    if (queueName !== undefined) this.#scheduler.markReady(queueName);
    this.#wakeUp.wake();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#wakeUp.wake();
  }

  stop(): void {
    this.#stopping = true;
    this.#wakeUp.wake();
  }

  // A method, so that the compiler does not take one look at the flag for all time.
  #isStopping(): boolean {
    return this.#stopping;
  }

  /** Looks at what is due, or sleeps until there is a reason to look. */
  async #pass(): Promise<void> {
    this.heartbeat.beat();
    const { queues, room, restMs } = this.#options;
    const hasReason = !this.#isPaused && room() > 0 && queues.length > 0;
    if (!hasReason) this.#idle();
    const sleepMs = hasReason ? this.#scheduler.untilDueMs() : longestSleepMs;
    if (sleepMs > 0) return this.#wakeUp.sleep(Math.min(sleepMs, longestSleepMs));
    try {
      for (const queue of this.#scheduler.due()) await this.#look(queue);
      this.#backoff.reset();
      await this.#rest(restMs?.() ?? 0);
    } catch (error) {
      await this.#recover(error);
    }
  }

  #idle(): void {
    this.#polledAtMs = this.#options.clock.monotonicMs();
    this.#health.idle();
  }

  /** A queue for which there is no room keeps its turn; one that fails by itself holds up no other. */
  async #look(queue: NamespaceQueues): Promise<void> {
    const { batchSize, room } = this.#options;
    if (room() <= 0 || this.#isPaused || this.#isStopping()) return;
    const most = Math.min(batchSize, room(queue.steps));
    if (most <= 0) {
      this.#passOver(queue);
      return;
    }
    const claim = this.#claim(queue, most);
    this.#underWay = { queueName: queue.steps, claim };
    try {
      await claim;
    } catch (error) {
      const restMs = this.#scheduler.pollFailed(queue);
      this.#health.failed(queue.steps, error);
      if (!isFaultOfQueue(error)) throw error;
      this.#options.logger("warn", "steps of one queue could not be claimed", {
        queue: queue.steps,
        retry_in_ms: restMs,
        error,
      });
    } finally {
      this.#underWay = null;
    }
  }

  /** There is room, and none for this queue: it waits for its next poll, or to be woken. */
  #passOver(queue: NamespaceQueues): void {
    this.#scheduler.beginPoll(queue);
    this.#scheduler.polled(queue, false);
    this.#polledAtMs = this.#options.clock.monotonicMs();
  }

  async #claim(queue: NamespaceQueues, most: number): Promise<void> {
    const polledAfterMs = this.#scheduler.beginPoll(queue);
    const claims = await this.#beatWhile(this.#options.source.claim(queue.steps, most));
    this.#scheduler.polled(queue, claims.length >= most);
    if (this.#health.succeeded(queue.steps)) this.#options.onReturn?.(queue.steps);
    this.#polledAtMs = this.#options.clock.monotonicMs();
    if (polledAfterMs !== null && claims.some((claim) => isNewSince(claim, polledAfterMs)))
      this.#options.onUnannounced?.(queue.steps);
    for (const claim of claims) this.#options.start(queue.namespace, claim);
  }

  /** A database that is slow to answer is no wedged loop; a claim that outlasts its limits is. */
  async #beatWhile<T>(claiming: Promise<T>): Promise<T> {
    const { clock, claimPatienceMs } = this.#options;
    const untilMs = clock.monotonicMs() + claimPatienceMs;
    let cancel: () => void = () => undefined;
    const beat = (): void => {
      if (clock.monotonicMs() > untilMs) return;
      this.heartbeat.beat();
      cancel = clock.after(longestSleepMs, beat);
    };
    beat();
    try {
      return await claiming;
    } finally {
      cancel();
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#isStopping()) return;
    const delayMs = this.#backoff.next();
    this.#options.logger("warn", "steps could not be claimed", { retry_in_ms: delayMs, error });
    await this.#rest(delayMs);
  }

  /** Only the end of the loop cuts it short. */
  async #rest(ms: number): Promise<void> {
    const { clock } = this.#options;
    const untilMs = clock.monotonicMs() + ms;
    while (!this.#isStopping() && clock.monotonicMs() < untilMs) {
      this.heartbeat.beat();
      await this.#wakeUp.sleep(Math.min(untilMs - clock.monotonicMs(), longestSleepMs));
    }
  }
}

/** A message that was delayed, or sent in a long transaction, is older. */
function isNewSince({ readCount, ageMs }: ClaimedMessage, sinceMs: number): boolean {
  return readCount === 1 && ageMs < sinceMs;
}
