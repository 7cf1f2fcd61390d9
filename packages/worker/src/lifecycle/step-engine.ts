import {
  type Channels,
  type CommandProcessor,
  type EventSystem,
  withDeadline,
  type WorkerContext,
} from "@tasker-observability/core";
import type { SqlClient, SqlStatement } from "@tasker-observability/postgres";
import type { Breaker } from "../settling/breaker.js";
import { guardOutcomes } from "../settling/guard-outcomes.js";
import { type ClaimLoop, createClaimLoop } from "../claiming/claim-loop.js";
import { createLastRuns } from "../queues/last-runs.js";
import { createGiveBacks } from "../settling/give-back.js";
import { createLoopLagThrottle, type LoopLagThrottle } from "../claiming/loop-lag-throttle.js";
import {
  createInFlightSteps,
  DrainTimeoutError,
  type InFlightSteps,
} from "../claiming/in-flight-steps.js";
import {
  createOverrunningHandlers,
  type OverrunningHandlers,
} from "../running/overrunning-handlers.js";
import { createOutcomeQueues } from "../settling/outcome-queues.js";
import { createOutcomeWriter, type OutcomeWriter } from "../settling/outcome-writer.js";
import { createQueueListener, type QueueListener } from "../listening/queue-listener.js";
import { createRetryTimer, type RetryTimer } from "../settling/retry-timer.js";
import { createSlots, type Slots } from "../claiming/slots.js";
import type { ClaimedMessage } from "../queues/step-message.js";
import type { FindStepPlan } from "../running/step-plan.js";
import { createStepQueues, type NamespaceQueues, type StepQueues } from "../queues/step-queues.js";
import { StepRunner } from "../running/step-runner.js";
import { createStepTransactions, type StepTransactions } from "../queues/step-transactions.js";
import { createVisibilityRenewer, type VisibilityRenewer } from "../claiming/visibility-renewer.js";

/** Options of {@link StepEngine}; the units are in the names. */
export interface StepEngineOptions {
  /** Its ports are made of the engine, which asks none of them. */
  readonly context: Omit<WorkerContext, "ports">;
  readonly client: SqlClient;
  readonly queues: readonly NamespaceQueues[];
  readonly findPlan: FindStepPlan;
  /** Stands before the writing of outcomes. */
  readonly completionBreaker: Breaker;
  readonly maxConcurrentHandlers: number;
  /** The most steps held at once: running, or waiting for their outcome to be written. */
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly pollingIntervalMs: number;
  readonly visibilityTimeoutSeconds: number;
  /** Seconds for which a step that this worker cannot run is given back before it is a dead letter. */
  readonly unknownStepGiveBackSeconds: number;
  /** Milliseconds that the client waits for a connection of its pool. */
  readonly acquireTimeoutMs: number;
  /** Milliseconds that the event loop may be late before claiming slows down. @default it never does */
  readonly maxEventLoopLagMs?: number | undefined;
}

const statementTimeoutMs = 10_000;
/** What outcomes get to be written in, once the drain has run out of time. */
const lastWritesMs = 1_000;

/** Claims steps and runs them: the loop, the slots, the listener and what keeps claims alive, as one thing. */
export class StepEngine {
  readonly #options: StepEngineOptions;
  readonly #closing = new AbortController();
  readonly #inFlight: InFlightSteps = createInFlightSteps();
  readonly #slots: Slots;
  readonly #transactions: StepTransactions;
  readonly #stepQueues: StepQueues;
  readonly #renewer: VisibilityRenewer;
  readonly #retryTimer: RetryTimer;
  readonly #writer: OutcomeWriter;
  readonly #overrunningHandlers: OverrunningHandlers;
  readonly #loop: ClaimLoop;
  /** The engine as health and metrics see it. */
  readonly commandProcessor: CommandProcessor;
  /** How new steps are heard of. */
  readonly eventSystem: EventSystem;
  #listener: QueueListener | undefined;
  #throttle: LoopLagThrottle | undefined;
  #isDraining = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: StepEngineOptions) {
    const { context, client, visibilityTimeoutSeconds } = options;
    const { clock } = context;
    this.#options = options;
    this.#transactions = createStepTransactions({
      client,
      clock,
      statementTimeoutMs,
      closing: this.#closing.signal,
    });
    this.#stepQueues = createStepQueues({
      transactions: this.#transactions,
      visibilityTimeoutSeconds,
      sendLockTimeoutMs: statementTimeoutMs,
    });
    this.#slots = createSlots({
      total: options.maxConcurrentHandlers,
      clock,
      onRelease: () => this.#loop.wake(),
    });
    this.#renewer = this.#createRenewer();
    this.#retryTimer = createRetryTimer({
      clock,
      onDue: (queueName) => this.#loop.wake(queueName),
    });
    this.#writer = this.#createWriter();
    this.#overrunningHandlers = createOverrunningHandlers(context);
    this.#loop = this.#createLoop(
      new StepRunner({
        context,
        findPlan: options.findPlan,
        slots: this.#slots,
        inFlight: this.#inFlight,
        writer: this.#writer,
        overrunningHandlers: this.#overrunningHandlers,
        lastRuns: createLastRuns({ transactions: this.#transactions, clock }),
        giveBacks: createGiveBacks({
          limitSeconds: options.unknownStepGiveBackSeconds,
          clock,
          logger: context.logger,
        }),
      }),
    );
    this.commandProcessor = Object.freeze({
      state: () => this.#loop.state(),
      heartbeat: this.#loop.heartbeat,
      slots: () => this.#slots.counts(),
      refusals: () => this.#loop.refusals(),
      outcomeRefusals: () => this.#writer.refusals(),
    });
    this.eventSystem = Object.freeze({
      listener: () => this.#listenerState(),
      poller: () => this.#poller(),
      polledQueues: () => this.#polledQueues(),
    });
  }

  #createRenewer(): VisibilityRenewer {
    const { context, visibilityTimeoutSeconds } = this.#options;
    const { clock, logger } = context;
    return createVisibilityRenewer({
      queues: this.#stepQueues,
      inFlight: this.#inFlight,
      whenClaimsTakenOver: (queueName) => this.#loop.whenTakenOver(queueName),
      visibilityTimeoutSeconds,
      clock,
      logger,
    });
  }

  #createWriter(): OutcomeWriter {
    const { context, visibilityTimeoutSeconds } = this.#options;
    const { clock, logger } = context;
    const limitMs = outcomeTimeoutMs(visibilityTimeoutSeconds);
    return createOutcomeWriter({
      queues: guardOutcomes(
        createOutcomeQueues({ transactions: this.#transactions, limitMs, logger }),
        this.#options.completionBreaker,
      ),
      inFlight: this.#inFlight,
      clock,
      logger,
      prepareWrite: (steps) => this.#renewer.prepareWrite(steps),
      whenClaimsTakenOver: (queueName) => this.#loop.whenTakenOver(queueName),
      onWritten: (recoveredQueue) => this.#loop.wake(recoveredQueue),
      onRetry: (queueName, delayMs) => this.#retryTimer.schedule(queueName, delayMs),
    });
  }

  /** How full the buffer of claimed steps is. */
  dispatchLevel(): ReturnType<Channels["levels"]>[number] {
    return {
      channel_name: "dispatch",
      component: "step_engine",
      length: this.#inFlight.size,
      capacity: this.#options.bufferSize,
    };
  }

  #createLoop(runner: StepRunner): ClaimLoop {
    const { context, queues, batchSize, pollingIntervalMs, acquireTimeoutMs } = this.#options;
    return createClaimLoop({
      queues,
      source: { claim: (queueName, most) => this.#claim(queueName, most) },
      room: (queueName) => this.#room(queueName),
      restMs: () => this.#throttle?.restMs() ?? 0,
      // What comes in while the worker drains is nobody's yet.
      start: (namespace, claim) =>
        this.#isDraining ? runner.giveBack(namespace, claim) : runner.start(namespace, claim),
      onReturn: (queueName) => this.#listener?.forget(queueName),
      onUnannounced: (queueName) => this.#listener?.missed(queueName),
      batchSize,
      pollingIntervalMs,
      // Both limits, and as much again: for a machine that is busy, or a renewal that comes first.
      claimPatienceMs: 2 * (acquireTimeoutMs + statementTimeoutMs),
      clock: context.clock,
      logger: context.logger,
    });
  }

  /** Outcomes that one queue refuses take no room from the others, and of that queue no more than its share. */
  #room(queueName?: string): number {
    const { queues, bufferSize } = this.#options;
    const share = Math.ceil(bufferSize / Math.max(1, queues.length));
    if (queueName !== undefined && this.#writer.refusedSteps(queueName) >= share) return 0;
    return Math.min(
      this.#slots.free(),
      bufferSize - (this.#inFlight.size - this.#writer.refusedSteps()),
    );
  }

  async #claim(queueName: string, most: number): Promise<ClaimedMessage[]> {
    await this.#renewer.catchUp(queueName);
    return this.#stepQueues.claim(queueName, most);
  }

  /** A connection that hears nothing is as good as none, and polling alone is no fault. */
  #listenerState(): "connected" | "down" | "not_used" {
    const state = this.#listener?.state() ?? "deaf";
    if (state === "down") return "down";
    return state === "connected" && this.#polledQueues().length < this.#options.queues.length
      ? "connected"
      : "not_used";
  }

  #polledQueues(): readonly string[] {
    return this.#listener?.polledQueues() ?? this.#options.queues.map(({ steps }) => steps);
  }

  /** A poller that has not come round for three intervals is down. */
  #poller(): "alive" | "down" {
    const lateMs = Math.max(3 * this.#options.pollingIntervalMs, 10_000);
    return this.#loop.state() !== "stopped" && this.#loop.polledAgoMs() < lateMs ? "alive" : "down";
  }

  /**
   * Starts claiming. Ends in a report to `context.liveness` should the loop ever end by itself.
   * @param listenTo - the connection string to listen on; null: the poller alone.
   */
  start(listenTo: string | null): void {
    const { context, queues, maxEventLoopLagMs } = this.#options;
    if (maxEventLoopLagMs !== undefined)
      this.#throttle = createLoopLagThrottle({ clock: context.clock, maxLagMs: maxEventLoopLagMs });
    this.#renewer.start();
    this.#running = this.#loop.run().catch((error: unknown) => {
      context.logger("error", "the claim loop broke", { error });
      context.liveness.report("claim_loop", "claim_loop_stopped");
    });
    if (listenTo === null || queues.length === 0) return;
    this.#listener = createQueueListener({
      connectionString: listenTo,
      queueNames: queues.map((queue) => queue.steps),
      onInsert: (queueName) => this.#loop.wake(queueName),
      queues: this.#stepQueues,
      clock: context.clock,
      logger: context.logger,
    });
    this.#listener.start();
  }

  pause(): void {
    this.#loop.pause();
  }

  resume(): void {
    this.#loop.resume();
  }

  /** Runs a statement that puts steps on a queue, in a transaction of its own. */
  async enqueue(statement: SqlStatement): Promise<void> {
    await this.#stepQueues.enqueue(statement);
  }

  /**
   * Stops claiming and lets what is held finish. Afterwards nothing is under way; a database that does not answer
   * holds it up for no longer than its time-out allows.
   * @param timeoutMs - after which running handlers are aborted and their steps left to other workers.
   * @returns how many steps were still held when the time was up.
   */
  async drain(timeoutMs: number): Promise<number> {
    this.#isDraining = true;
    this.#loop.stop();
    const unheard = this.#listener?.stop();
    const { clock } = this.#options.context;
    const within = (ms: number, work: Promise<void>): Promise<void> =>
      withDeadline(work, { clock, timeoutMs: ms, onGiveUp: () => undefined });
    await within(
      timeoutMs,
      this.#running.then(() => this.#inFlight.whenEmpty()),
    );
    const left = this.#inFlight.size;
    if (left > 0) {
      this.#inFlight.abortAll(new DrainTimeoutError("The worker is stopping."));
      await within(lastWritesMs, this.#inFlight.whenEmpty());
    }
    this.#writer.close();
    this.#renewer.stop();
    this.#retryTimer.close();
    this.#overrunningHandlers.close();
    this.#throttle?.close();
    this.#closing.abort(new Error("The worker is stopping."));
    await unheard;
    return left;
  }
}

/**
 * Messages cannot be renewed while a statement that writes their outcomes has them locked. A third of the time-out is left to it, and as
 * renewals come by every third, another is left when it has failed. Below a second no statement would be sure to end.
 */
function outcomeTimeoutMs(visibilityTimeoutSeconds: number): number {
  return Math.min(statementTimeoutMs, Math.max(1_000, (visibilityTimeoutSeconds * 1_000) / 3));
}
