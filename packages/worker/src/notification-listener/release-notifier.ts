import type { Clock } from "@tasker-observability/core";
import { releasePayload } from "../queues/notify-trigger.js";
import type { StepQueues } from "../queues/step-queues.js";

/**
 * Notifies listening workers of steps that this one has released. An update does not notify, and queues whose inserts
 * notify are polled only every few seconds.
 */
export interface ReleaseNotifier {
  /** The payload of this worker's notifications: other workers should find its released steps first. */
  readonly payload: string;
  /** Steps were released to this queue. */
  released(queueName: string): void;
  /** Resolves when everything is sent, or sending has failed and polls will find the steps. Never rejects. */
  flush(): Promise<void>;
}

export interface ReleaseNotifierOptions {
  readonly queues: Pick<StepQueues, "notifyOfRelease">;
  readonly clock: Clock;
}

/** For how many milliseconds releases share a statement. */
const batchDelayMs = 50;

export function createReleaseNotifier({ queues, clock }: ReleaseNotifierOptions): ReleaseNotifier {
  const payload = releasePayload(crypto.randomUUID());
  const queueNames = new Set<string>();
  let cancelTimer: (() => void) | undefined;
  async function send(): Promise<void> {
    cancelTimer?.();
    cancelTimer = undefined;
    const names = [...queueNames];
    queueNames.clear();
    if (names.length > 0) await queues.notifyOfRelease(names, payload).catch(() => undefined);
  }
  return Object.freeze({
    payload,
    released(queueName: string) {
      queueNames.add(queueName);
      cancelTimer ??= clock.after(batchDelayMs, () => void send());
    },
    flush: send,
  });
}
