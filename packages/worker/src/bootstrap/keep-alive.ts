import { maxTimerMs } from "@tasker-observability/core";

/** Keeps the process alive while acquired: Node exits silently, with code 0, if only unreferenced timers are left. */
export interface KeepAlive {
  /** Idempotent. */
  acquire(): void;
  /** Idempotent. */
  release(): void;
}

/** Creates the one handle by which a worker keeps its process alive. All its other timers are unreferenced. */
export function createKeepAlive(): KeepAlive {
  let timer: NodeJS.Timeout | undefined;
  return Object.freeze({
    acquire() {
      timer ??= setInterval(() => undefined, maxTimerMs);
    },
    release() {
      clearInterval(timer);
      timer = undefined;
    },
  });
}
