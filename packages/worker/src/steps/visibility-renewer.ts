import type { Clock, Logger } from "@tasker-observability/core";
import { ClaimLostError, type HeldStep, type HeldSteps } from "./held-steps.js";
import type { StepQueues } from "./step-queues.js";

/** Keeps what is held invisible to other workers, every third of the visibility time-out. */
export interface VisibilityRenewer {
  start(): void;
  /** May be called twice. */
  stop(): void;
}

export interface VisibilityRenewerOptions {
  readonly queues: Pick<StepQueues, "renew">;
  readonly held: HeldSteps;
  /** Waits for a claim that is under way on the queue, if any. Never rejects. */
  readonly whenClaimsTakenOver: (queueName: string) => Promise<void>;
  readonly visibilityTimeoutSeconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** After a failure there is no third of the time-out to lose. */
const retryMs = 1_000;

export function createVisibilityRenewer(options: VisibilityRenewerOptions): VisibilityRenewer {
  const { held, clock } = options;
  const everyMs = (options.visibilityTimeoutSeconds * 1_000) / 3;
  let cancel: (() => void) | undefined;
  const round = async (): Promise<void> => {
    const startedAtMs = clock.monotonicMs();
    const renewals = await Promise.all([...held.byQueue()].map(([queueName, steps]) => renewQueue(options, queueName, steps)));
    const tookMs = clock.monotonicMs() - startedAtMs;
    const restMs = renewals.every(Boolean) ? Math.max(0, everyMs - tookMs) : Math.min(retryMs, everyMs);
    if (cancel !== undefined) cancel = clock.after(restMs, () => void round());
  };
  return Object.freeze({
    start() {
      cancel ??= clock.after(everyMs, () => void round());
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  });
}

/** @returns whether the database answered. */
async function renewQueue({ queues, held, whenClaimsTakenOver, logger }: VisibilityRenewerOptions, queueName: string, steps: readonly HeldStep[]): Promise<boolean> {
  try {
    const fences = new Map(steps.map((step) => [step, step.fence]));
    // Not lost is what has gone because its outcome was written meanwhile, and what this worker has claimed again meanwhile.
    const isLost = (step: HeldStep): boolean => held.isOpen(step) && step.fence === fences.get(step);
    const ours = await queues.renew(queueName, [...fences.values()]);
    const missing = steps.filter((step) => !ours.has(step.claim.messageId));
    if (missing.length > 0) void whenClaimsTakenOver(queueName).then(() => missing.filter(isLost).forEach((step) => lose(step, logger)));
    return true;
  } catch (error) {
    logger("warn", "visibility could not be renewed", { queue: queueName, steps: steps.length, error });
    return false;
  }
}

function lose(step: HeldStep, logger: Logger): void {
  if (step.controller.signal.aborted) return;
  logger("warn", "claim lost: another worker has the step, or its message is gone", { queue: step.claim.queueName, message_id: step.claim.messageId });
  step.controller.abort(new ClaimLostError("The step's claim was lost."));
}
