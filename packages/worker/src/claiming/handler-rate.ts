import type { Clock } from "@tasker-observability/core";

/** Estimates how many steps a worker could run per millisecond if one were always waiting, from how long recent steps took. */
export interface HandlerRate {
  /** 0 until a step has ended. */
  perMs(): number;
  /** Records for how many milliseconds a step had its slot. */
  record(tookMs: number): void;
  reset(): void;
}

/** How many milliseconds, or ends of steps, are looked at together. */
const window = { ms: 20, ends: 32 };
/** Stands for what is too short to measure. */
const minMs = 0.001;

/** @param options.concurrency - how many steps run at once. */
export function createHandlerRate({
  concurrency,
  clock,
}: {
  readonly concurrency: number;
  readonly clock: Clock;
}): HandlerRate {
  let perMs = 0;
  let ends = 0;
  let endsTookMs = 0;
  let windowAtMs = clock.monotonicMs();
  return Object.freeze({
    perMs: () => perMs,
    record(tookMs: number) {
      ends += 1;
      endsTookMs += tookMs;
      const nowMs = clock.monotonicMs();
      if (perMs > 0 && nowMs - windowAtMs < window.ms && ends < window.ends) return;
      perMs = (concurrency * ends) / Math.max(endsTookMs, minMs);
      ends = 0;
      endsTookMs = 0;
      windowAtMs = nowMs;
    },
    reset() {
      perMs = 0;
    },
  });
}
