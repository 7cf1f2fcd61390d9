import type { Clock } from "@tasker-observability/core";
import { returnPayload } from "../queues/notify-trigger.js";
import type { StepQueues } from "../queues/step-queues.js";

/**
 * Tells the workers that listen of steps that this one has returned to their queues. An update notifies nobody, and polls of queues
 * whose inserts notify come seconds apart.
 */
export interface ReturnNotifier {
  /** What this worker notifies with: other workers should find its returned steps first. */
  readonly payload: string;
  /** Steps were returned to this queue. */
  returned(queueName: string): void;
  /** Resolves when everything is sent, or could not be: then polls find the steps. Never rejects. */
  flush(): Promise<void>;
}

export interface ReturnNotifierOptions {
  readonly queues: Pick<StepQueues, "notifyOfReturn">;
  readonly clock: Clock;
}

/** Milliseconds for which returns share a statement. */
const batchDelayMs = 50;

export function createReturnNotifier({ queues, clock }: ReturnNotifierOptions): ReturnNotifier {
  const payload = returnPayload(crypto.randomUUID());
  const queueNames = new Set<string>();
  let cancelTimer: (() => void) | undefined;
  async function send(): Promise<void> {
    cancelTimer?.();
    cancelTimer = undefined;
    const names = [...queueNames];
    queueNames.clear();
    if (names.length > 0) await queues.notifyOfReturn(names, payload).catch(() => undefined);
  }
  return Object.freeze({
    payload,
    returned(queueName: string) {
      queueNames.add(queueName);
      cancelTimer ??= clock.after(batchDelayMs, () => void send());
    },
    flush: send,
  });
}
