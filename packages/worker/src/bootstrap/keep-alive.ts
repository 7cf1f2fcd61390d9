import { longestTimerMs } from "@tasker-observability/core";

/** Keeps the process alive while it is acquired: Node ends one that waits for nothing but unreferenced timers, silently and with exit code 0. */
export interface KeepAlive {
  /** May be called twice. */
  acquire(): void;
  /** May be called twice. */
  release(): void;
}

/**
 * Makes the one handle by which a worker holds its process. Every other timer of the worker is unreferenced, so that what holds
 * the process is decided here and not by what happens to be under way.
 */
export function createKeepAlive(): KeepAlive {
  let timer: NodeJS.Timeout | undefined;
  return Object.freeze({
    acquire() {
      timer ??= setInterval(() => undefined, longestTimerMs);
    },
    release() {
      clearInterval(timer);
      timer = undefined;
    },
  });
}
