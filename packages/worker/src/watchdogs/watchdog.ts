import type { Clock } from "@tasker-observability/core";

/** Something that looks at the worker every so often, until it is stopped. */
export interface Watchdog {
  start(): void;
  /** May be called twice. */
  stop(): void;
}

/** @param look - must not throw; a look that takes long delays the next one. */
export function createWatchdog(options: {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly look: () => void | Promise<void>;
}): Watchdog {
  const { clock, everyMs, look } = options;
  let isRunning = false;
  let cancel: () => void = () => undefined;
  const round = async (): Promise<void> => {
    await look();
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
