import {
  type ClaimRefusals,
  type Clock,
  createBackoff,
  createHeartbeat,
  type Heartbeat,
  type Logger,
} from "@tasker-observability/core";
import { failureScope } from "../queues/sql-failure.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import type { NamespaceQueues, StepQueues } from "../queues/step-queues.js";
import { withHeartbeat } from "./with-heartbeat.js";
import { type ClaimHealth, createClaimHealth } from "./claim-health.js";
import type { InFlightSteps } from "./in-flight-steps.js";
import type { LoopLagThrottle } from "./loop-lag-throttle.js";
import type { PollObserver } from "./poll-observer.js";
import type { QueueScanner } from "./queue-scanner.js";
import type { QueueScheduler } from "./queue-scheduler.js";
import type { Wakeup } from "./wakeup.js";

export interface ClaimLoopOptions {
  readonly queues: readonly NamespaceQueues[];
  readonly scheduler: QueueScheduler;
  /** Ends the loop's waits. */
  readonly wakeup: Wakeup;
  readonly source: Pick<StepQueues, "claim">;
  readonly scanner: QueueScanner;
  /** Tracks each claim while it is under way. */
  readonly inFlight: Pick<InFlightSteps, "trackFenceChange">;
  /** How many messages may be claimed now: from one queue, or (no name) from any. */
  readonly capacity: (queueName?: string) => number;
  /** Slows the loop down while the event loop lags. @default it never does */
  readonly throttle?: Pick<LoopLagThrottle, "delayMs"> | undefined;
  readonly receiver: ClaimReceiver;
  /** @default none */
  readonly observer?: PollObserver | undefined;
  /** How many messages the first claim asks for from a queue on which nothing is known to wait. */
  readonly batchSize: number;
  /** Milliseconds that a claim may take before the loop counts as stuck in it. */
  readonly claimTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Takes over what is claimed. Must not throw. */
export interface ClaimReceiver {
  start(namespace: string, claim: ClaimedMessage): void;
  /** Releases a message that arrives after `pause()` or `stop()`. */
  release(namespace: string, claim: ClaimedMessage): void;
  /** Releases the steps that wait for a slot: those that have waited too long, or all. */
  releasePrefetched(which: "stale" | "all"): void;
}

/** Claims messages and starts them, until it is stopped. */
export interface ClaimLoop {
  readonly heartbeat: Heartbeat;
  state(): "running" | "paused" | "stopped";
  /** Milliseconds since a poll succeeded, or since there was reason not to poll. */
  polledAgoMs(): number;
  /** Null while no claim is refused. */
  refusals(): ClaimRefusals | null;
  /** Resolves when the loop has ended after `stop()`; rejects when it breaks. */
  run(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
}

/** The longest wait, however idle or full the loop is: its heartbeat must not age. */
const maxWaitMs = 1_000;

export function createClaimLoop(options: ClaimLoopOptions): ClaimLoop {
  return new Loop(options);
}

class Loop implements ClaimLoop {
  readonly heartbeat: Heartbeat;
  readonly #options: ClaimLoopOptions;
  readonly #health: ClaimHealth;
  readonly #backoff = createBackoff({ firstMs: 100, maxMs: 5_000 });
  #isRunning = false;
  #isPaused = false;
  #stopping = false;
  #polledAtMs: number;

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
    this.heartbeat = createHeartbeat(options.clock);
    this.#health = createClaimHealth(options);
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

  async run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (!this.#isStopping()) await this.#pass();
    } finally {
      this.#isRunning = false;
    }
  }

  pause(): void {
    this.#isPaused = true;
    this.#options.receiver.releasePrefetched("all");
  }

  resume(): void {
    this.#isPaused = false;
    this.#options.wakeup.notify();
  }

  stop(): void {
    this.#stopping = true;
    this.#options.receiver.releasePrefetched("all");
    this.#options.wakeup.notify();
  }

  // A method, because the compiler narrows a field that is read once and never reads it again.
  #isStopping(): boolean {
    return this.#stopping;
  }

  /** Polls what is due, or waits until something is. */
  async #pass(): Promise<void> {
    this.heartbeat.beat();
    const { queues, capacity, scheduler, wakeup, throttle, receiver } = this.#options;
    receiver.releasePrefetched("stale");
    const canClaim = !this.#isPaused && capacity() > 0 && queues.length > 0;
    if (!canClaim) this.#idle();
    const waitMs = canClaim ? scheduler.untilDueMs() : maxWaitMs;
    if (waitMs > 0) return wakeup.wait(Math.min(waitMs, maxWaitMs));
    try {
      for (const queue of await this.#findWork()) await this.#claimFrom(queue);
      this.#backoff.reset();
      await this.#rest(throttle?.delayMs() ?? 0);
    } catch (error) {
      await this.#recover(error);
    }
  }

  #idle(): void {
    this.#polledAtMs = this.#options.clock.monotonicMs();
    this.#health.idle();
  }

  /** @returns the queues to claim from. */
  async #findWork(): Promise<readonly NamespaceQueues[]> {
    const { scheduler, scanner, clock } = this.#options;
    const { toClaim, peeked } = await this.#withHeartbeat(scanner.peek(scheduler.due()));
    for (const { stepQueue } of peeked) this.#health.recordSuccess(stepQueue);
    if (peeked.length > 0) this.#polledAtMs = clock.monotonicMs();
    return toClaim;
  }

  /** A failure of one queue does not delay the others. */
  async #claimFrom(queue: NamespaceQueues): Promise<void> {
    const { batchSize, capacity, inFlight, scheduler, logger } = this.#options;
    if (capacity() <= 0 || this.#isPaused || this.#isStopping()) return;
    const room = capacity(queue.stepQueue);
    const limit = scheduler.isClaimDue(queue) ? room : Math.min(batchSize, room);
    if (limit <= 0) {
      this.#skip(queue);
      return;
    }
    const claim = this.#claim(queue, limit);
    inFlight.trackFenceChange(queue.stepQueue, claim);
    try {
      await claim;
    } catch (error) {
      const retryInMs = scheduler.recordFailedClaim(queue);
      this.#health.recordFailure(queue.stepQueue, error);
      if (failureScope(error) === "database") throw error;
      logger("warn", "steps of one queue could not be claimed", {
        queue: queue.stepQueue,
        retry_in_ms: retryInMs,
        error,
      });
    }
  }

  /** The queue has used up its share of the capacity: it waits for its next poll, or for the signal. */
  #skip(queue: NamespaceQueues): void {
    const { scheduler, clock } = this.#options;
    scheduler.beginClaim(queue);
    scheduler.recordClaim(queue, false);
    this.#polledAtMs = clock.monotonicMs();
  }

  async #claim(queue: NamespaceQueues, limit: number): Promise<void> {
    const { scheduler, source, observer, clock, receiver } = this.#options;
    const pollGapMs = scheduler.beginClaim(queue);
    const claims = await this.#withHeartbeat(source.claim(queue.stepQueue, limit));
    scheduler.recordClaim(queue, claims.length >= limit);
    if (this.#health.recordSuccess(queue.stepQueue)) observer?.queueRecreated(queue.stepQueue);
    this.#polledAtMs = clock.monotonicMs();
    if (pollGapMs !== null && claims.some((claim) => isYoungerThan(claim, pollGapMs)))
      observer?.missedNotification(queue.stepQueue);
    for (const claim of claims)
      if (this.#isPaused || this.#isStopping()) receiver.release(queue.namespace, claim);
      else receiver.start(queue.namespace, claim);
  }

  /** A database that answers slowly does not count as a stuck loop; a claim that outlasts its time-out does. */
  #withHeartbeat<T>(work: Promise<T>): Promise<T> {
    const { clock, claimTimeoutMs: timeoutMs } = this.#options;
    return withHeartbeat(work, {
      heartbeat: this.heartbeat,
      clock,
      everyMs: maxWaitMs,
      timeoutMs,
    });
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#isStopping()) return;
    const delayMs = this.#backoff.next();
    this.#options.logger("warn", "steps could not be claimed", { retry_in_ms: delayMs, error });
    await this.#rest(delayMs);
  }

  /** Only `stop()` cuts it short. */
  async #rest(ms: number): Promise<void> {
    const { clock, wakeup } = this.#options;
    const untilMs = clock.monotonicMs() + ms;
    while (!this.#isStopping() && clock.monotonicMs() < untilMs) {
      this.heartbeat.beat();
      await wakeup.wait(Math.min(untilMs - clock.monotonicMs(), maxWaitMs));
    }
  }
}

/** A message that was delayed, or sent in a long transaction, is older. */
function isYoungerThan({ readCount, ageMs }: ClaimedMessage, maxAgeMs: number): boolean {
  return readCount === 1 && ageMs < maxAgeMs;
}
