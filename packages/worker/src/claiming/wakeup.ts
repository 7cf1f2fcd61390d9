import type { Clock } from "@tasker-observability/core";
import type { QueueScheduler } from "./queue-scheduler.js";

/** Ends the claim loop's waits when there may be work. */
export interface Wakeup {
  /** There may be a message on this queue, or (no name) capacity for one. Ends the wait that is under way, or else the next one. */
  notify(queueName?: string): void;
  /** There may be a message on this queue, and as likely none: it is polled together with others. Ends the wait too. */
  requestPeek(queueName: string): void;
  /** Resolves on a notification, or after so many milliseconds. One waits at a time. */
  wait(ms: number): Promise<void>;
}

export function createWakeup({
  clock,
  scheduler,
}: {
  readonly clock: Clock;
  /** Learns which queue to poll first. */
  readonly scheduler: Pick<QueueScheduler, "requestClaim" | "requestPeek">;
}): Wakeup {
  let isNotified = false;
  let endWait: (() => void) | undefined;
  const wake = (): void => {
    isNotified = true;
    endWait?.();
  };
  return Object.freeze({
    notify(queueName?: string) {
      if (queueName !== undefined) scheduler.requestClaim(queueName);
      wake();
    },
    requestPeek(queueName: string) {
      scheduler.requestPeek(queueName);
      wake();
    },
    async wait(ms: number) {
      if (!isNotified) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(ms, resolve);
          endWait = () => {
            cancel();
            resolve();
          };
        });
      }
      isNotified = false;
      endWait = undefined;
    },
  });
}
