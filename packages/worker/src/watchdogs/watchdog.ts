import type { Clock } from "@tasker-observability/core";

/** Runs a check of the worker at an interval, until it is stopped. */
export interface Watchdog {
  start(): void;
  /** Idempotent. */
  stop(): void;
}

/** @param options.check - must not throw; a slow one delays the next. */
export function createWatchdog(options: {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly check: () => void | Promise<void>;
}): Watchdog {
  const { clock, everyMs, check } = options;
  let isRunning = false;
  let cancel: () => void = () => undefined;
  const round = async (): Promise<void> => {
    await check();
    schedule();
  };
  const schedule = (): void => {
    if (isRunning) cancel = clock.after(everyMs, () => void round());
  };
  return Object.freeze({
    start() {
      if (isRunning) return;
      isRunning = true;
      schedule();
    },
    stop() {
      isRunning = false;
      cancel();
    },
  });
}
