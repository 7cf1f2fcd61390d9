import type { Clock } from "@tasker-observability/core";

/** Lets one loop sleep until it is woken or its time is up, whichever is first. */
export interface WakeUp {
  /** Wakes the sleeper, or the next one that lies down: no wake-up is lost. */
  wake(): void;
  /** @param ms - the longest sleep. */
  sleep(ms: number): Promise<void>;
}

export function createWakeUp(clock: Clock): WakeUp {
  let isDue = false;
  let rouse: (() => void) | undefined;
  return Object.freeze({
    wake() {
      isDue = true;
      rouse?.();
    },
    async sleep(ms: number) {
      if (!isDue) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(ms, resolve);
          rouse = () => {
            cancel();
            resolve();
          };
        });
      }
      isDue = false;
      rouse = undefined;
    },
  });
}
