import { createClaimCapacity } from "../claiming/claim-capacity.js";
import { type ClaimLoop, createClaimLoop } from "../claiming/claim-loop.js";
import { createInFlightSteps, type InFlightSteps } from "../claiming/in-flight-steps.js";
import { createLoopLagThrottle, type LoopLagThrottle } from "../claiming/loop-lag-throttle.js";
import { createPrefetchBuffer, type PrefetchBuffer } from "../claiming/prefetch-buffer.js";
import { createQueueScanner } from "../claiming/queue-scanner.js";
import { createQueueScheduler, type QueueScheduler } from "../claiming/queue-scheduler.js";
import { createSlots, type Slots } from "../claiming/slots.js";
import { createVisibilityRenewer, type VisibilityRenewer } from "../claiming/visibility-renewer.js";
import { createWakeup, type Wakeup } from "../claiming/wakeup.js";
import type { NotifyingQueues } from "../notification-listener/trigger-probe.js";
import {
  createReleaseNotifier,
  type ReleaseNotifier,
} from "../notification-listener/release-notifier.js";
import {
  createNotificationListener,
  type NotificationListener,
} from "../notification-listener/notification-listener.js";
import { createCompletionHistory, type CompletionHistory } from "../queues/completion-history.js";
import { createQueuePeek, type QueuePeek } from "../queues/queue-peek.js";
import { createStepQueues, type StepQueues } from "../queues/step-queues.js";
import { createStepTransactions } from "../queues/step-transactions.js";
import {
  createOverrunningHandlers,
  type OverrunningHandlers,
} from "../running/overrunning-handlers.js";
import { StepRunner } from "../running/step-runner.js";
import { createReleasePolicy } from "../settling/release-policy.js";
import { createOutcomeStore, type OutcomeStore } from "../settling/outcome-store.js";
import { createOutcomeWriter, type OutcomeWriter } from "../settling/outcome-writer.js";
import { createVisibilityTimer, type VisibilityTimer } from "../settling/visibility-timer.js";
import type { StepEngineOptions } from "./engine-options.js";

/** Statements on the queues. */
interface EngineQueues {
  readonly stepQueues: StepQueues;
  readonly queuePeek: QueuePeek;
  readonly outcomeStore: OutcomeStore;
  readonly completionHistory: CompletionHistory;
}

/** The shared parts of the loop, the handlers and the writing of outcomes. */
interface EngineState {
  readonly notifyingQueues: NotifyingQueues;
  readonly scheduler: QueueScheduler;
  readonly wakeup: Wakeup;
  readonly inFlight: InFlightSteps;
  readonly slots: Slots;
  readonly prefetched: PrefetchBuffer;
}

/** The parts of an engine, each made from those above it. */
export interface EngineParts extends EngineQueues, EngineState {
  readonly visibilityTimer: VisibilityTimer;
  readonly writer: OutcomeWriter;
  readonly releaseNotifier: ReleaseNotifier;
  readonly renewer: VisibilityRenewer;
  readonly overrunningHandlers: OverrunningHandlers;
  readonly notificationListener: NotificationListener;
  readonly throttle: LoopLagThrottle | undefined;
  readonly loop: ClaimLoop;
}

const statementTimeoutMs = 10_000;

/** @param closing - ends every statement. */
export function createEngineParts(options: StepEngineOptions, closing: AbortSignal): EngineParts {
  const { context, visibilityTimeoutSeconds, maxEventLoopLagMs: maxLagMs } = options;
  const { clock, logger } = context;
  const queues = createEngineQueues(options, closing);
  const state = createEngineState(options);
  const { wakeup, inFlight } = state;
  const visibilityTimer = createVisibilityTimer({ clock, wakeup });
  const renewer = createVisibilityRenewer({
    queues: queues.stepQueues,
    inFlight,
    visibilityTimeoutSeconds,
    clock,
    logger,
  });
  const releaseNotifier = createReleaseNotifier({ queues: queues.stepQueues, clock });
  const writer = createOutcomeWriter({
    outcomeStore: queues.outcomeStore,
    inFlight,
    renewer,
    wakeup,
    visibilityTimer,
    onReleased: (queueName) => releaseNotifier.released(queueName),
    clock,
    logger,
  });
  const notificationListener = createNotificationListener({
    queueNames: options.queues.map(({ stepQueue }) => stepQueue),
    queues: queues.stepQueues,
    notifyingQueues: state.notifyingQueues,
    ownReleasePayload: releaseNotifier.payload,
    listenUrlSetting: options.listenUrlSetting,
    wakeup,
    clock,
    logger,
  });
  const parts = {
    ...queues,
    ...state,
    visibilityTimer,
    writer,
    releaseNotifier,
    renewer,
    overrunningHandlers: createOverrunningHandlers(context),
    notificationListener,
    throttle: maxLagMs === undefined ? undefined : createLoopLagThrottle({ clock, maxLagMs }),
  };
  return { ...parts, loop: createLoop(options, parts) };
}

function createEngineQueues(options: StepEngineOptions, closing: AbortSignal): EngineQueues {
  const { context, client, visibilityTimeoutSeconds, outcomeBreaker } = options;
  const { clock, logger } = context;
  const transactions = createStepTransactions({ client, clock, statementTimeoutMs, closing });
  return {
    stepQueues: createStepQueues({
      transactions,
      visibilityTimeoutSeconds,
      sendLockTimeoutMs: statementTimeoutMs,
    }),
    queuePeek: createQueuePeek({ transactions }),
    outcomeStore: createOutcomeStore({
      transactions,
      limitMs: outcomeTimeoutMs(visibilityTimeoutSeconds),
      breaker: outcomeBreaker,
      logger,
    }),
    completionHistory: createCompletionHistory({ transactions, clock }),
  };
}

/**
 * Messages cannot be renewed while a statement that writes their outcomes has them locked. It gets a third of the
 * time-out: a renewal comes every third, and one more comes when the statement has failed. Below a second, a statement
 * might not end.
 */
function outcomeTimeoutMs(visibilityTimeoutSeconds: number): number {
  return Math.min(statementTimeoutMs, Math.max(1_000, (visibilityTimeoutSeconds * 1_000) / 3));
}

function createEngineState(options: StepEngineOptions): EngineState {
  const { clock } = options.context;
  const notifyingQueues: NotifyingQueues = new Map();
  const scheduler = createQueueScheduler({ ...options, notifyingQueues: notifyingQueues, clock });
  const wakeup = createWakeup({ clock, scheduler });
  return {
    notifyingQueues: notifyingQueues,
    scheduler,
    wakeup,
    inFlight: createInFlightSteps({ clock }),
    slots: createSlots({ total: options.concurrency, clock }),
    prefetched: createPrefetchBuffer({ ...options, clock }),
  };
}

function createLoop(options: StepEngineOptions, parts: Omit<EngineParts, "loop">): ClaimLoop {
  const { context, queues, bufferSize } = options;
  const { stepQueues, renewer, writer, notificationListener } = parts;
  const { clock, logger } = context;
  return createClaimLoop({
    ...parts,
    queues,
    source: {
      async claim(queueName, limit) {
        await renewer.renewIfLate(queueName);
        return stepQueues.claim(queueName, limit);
      },
    },
    capacity: createClaimCapacity({
      ...parts,
      refusedSteps: (queueName) => writer.refusedSteps(queueName),
      bufferSize,
      queueCount: queues.length,
    }),
    receiver: createRunner(options, parts),
    scanner: createQueueScanner({ ...parts, clock, logger }),
    observer: notificationListener,
    batchSize: options.batchSize,
    // Twice both limits, for a busy machine or a renewal that comes first.
    claimTimeoutMs: 2 * (options.acquireTimeoutMs + statementTimeoutMs),
    clock,
    logger,
  });
}

function createRunner(options: StepEngineOptions, parts: Omit<EngineParts, "loop">): StepRunner {
  const { context, findPlan, unknownStepGiveBackSeconds: limitSeconds } = options;
  const { clock, logger } = context;
  return new StepRunner({
    ...parts,
    context,
    findPlan,
    releasePolicy: createReleasePolicy({ limitSeconds, clock, logger }),
  });
}
