import type { Clock } from "@tasker-observability/core";

/** Remembers when messages become visible again, so that a retry need not wait for the next poll. */
export interface RetryAlarm {
  /** A message of this queue becomes visible so many milliseconds from now. */
  expect(queueName: string, delayMs: number): void;
  close(): void;
}

/** Retries that fall due this close to one another are looked for together. */
const grainMs = 100;

/** @param ring - told when a queue is worth a look. */
export function createRetryAlarm({
  clock,
  ring,
}: {
  readonly clock: Clock;
  readonly ring: (queueName: string) => void;
}): RetryAlarm {
  const alarms = new Map<string, () => void>();
  return Object.freeze({
    expect(queueName: string, delayMs: number) {
      const grain = Math.ceil((clock.monotonicMs() + delayMs) / grainMs);
      const key = `${queueName} ${grain}`;
      if (alarms.has(key)) return;
      const inMs = Math.min(grain * grainMs - clock.monotonicMs(), longestTimerMs);
      alarms.set(
        key,
        clock.after(inMs, () => {
          alarms.delete(key);
          ring(queueName);
        }),
      );
    },
    close() {
      for (const cancel of alarms.values()) cancel();
      alarms.clear();
    },
  });
}

/** A longer delay makes Node's timers fire at once; whoever waits for weeks can wait for the poller too. */
const longestTimerMs = 2 ** 31 - 1;
