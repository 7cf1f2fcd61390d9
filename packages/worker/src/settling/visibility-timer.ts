import { type Clock, maxTimerMs } from "@tasker-observability/core";
import type { Wakeup } from "../claiming/wakeup.js";

/** Notifies when messages become visible again, so that a retry does not wait for the next poll. */
export interface VisibilityTimer {
  /** A message of this queue becomes visible so many milliseconds from now. */
  schedule(queueName: string, delayMs: number): void;
  close(): void;
}

/** Retries that are due this close to one another share a timer. */
const timerResolutionMs = 100;

export function createVisibilityTimer({
  clock,
  wakeup,
}: {
  readonly clock: Clock;
  readonly wakeup: Pick<Wakeup, "notify">;
}): VisibilityTimer {
  const timers = new Map<string, () => void>();
  return Object.freeze({
    schedule(queueName: string, delayMs: number) {
      const grain = Math.ceil((clock.monotonicMs() + delayMs) / timerResolutionMs);
      const key = `${queueName} ${grain}`;
      if (timers.has(key)) return;
      // Beyond the longest timer, the scanner finds the message.
      const inMs = Math.min(grain * timerResolutionMs - clock.monotonicMs(), maxTimerMs);
      timers.set(
        key,
        clock.after(inMs, () => {
          timers.delete(key);
          wakeup.notify(queueName);
        }),
      );
    },
    close() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  });
}
