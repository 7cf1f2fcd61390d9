import { type Clock, longestTimerMs } from "@tasker-observability/core";

/** Remembers when messages become visible again, so that a retry need not wait for the next poll. */
export interface RetryTimer {
  /** A message of this queue becomes visible so many milliseconds from now. */
  schedule(queueName: string, delayMs: number): void;
  close(): void;
}

/** Retries that fall due this close to one another are looked for together. */
const grainMs = 100;

/** @param onDue - told when a queue is worth a look. */
export function createRetryTimer({
  clock,
  onDue,
}: {
  readonly clock: Clock;
  readonly onDue: (queueName: string) => void;
}): RetryTimer {
  const timers = new Map<string, () => void>();
  return Object.freeze({
    schedule(queueName: string, delayMs: number) {
      const grain = Math.ceil((clock.monotonicMs() + delayMs) / grainMs);
      const key = `${queueName} ${grain}`;
      if (timers.has(key)) return;
      const inMs = Math.min(grain * grainMs - clock.monotonicMs(), longestTimerMs);
      timers.set(
        key,
        clock.after(inMs, () => {
          timers.delete(key);
          onDue(queueName);
        }),
      );
    },
    close() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  });
}
