import type { Clock } from "@tasker-observability/core";
import type { WorkSignal } from "./work-signal.js";

/** A slot that a step occupies. */
export interface Slot {
  /** Sets the deadline of the step; a slot without one is never overdue. */
  runsUntil(deadlineMs: number): void;
  /** Gives the slot back; a second call does nothing. */
  release(): void;
}

/** Limits how many handlers run at once. */
export interface Slots {
  free(): number;
  take(): Slot;
  counts(): { readonly total: number; readonly busy: number; readonly overdue: number };
}

/** Milliseconds after its time-out from which a step is overdue: a handler that observes its signal has ended by then. */
export const overdueAfterMs = 5_000;

/** @param options.signal - notified of every slot that comes free. */
export function createSlots(options: {
  readonly total: number;
  readonly clock: Clock;
  readonly signal: Pick<WorkSignal, "notify">;
}): Slots {
  const { total, clock, signal } = options;
  const busy = new Set<{ deadlineMs: number }>();
  return Object.freeze({
    free: () => total - busy.size,
    take() {
      const place = { deadlineMs: Number.POSITIVE_INFINITY };
      busy.add(place);
      return {
        runsUntil(deadlineMs: number) {
          place.deadlineMs = deadlineMs;
        },
        release() {
          if (busy.delete(place)) signal.notify();
        },
      };
    },
    counts() {
      const overdueSince = clock.monotonicMs() - overdueAfterMs;
      let overdue = 0;
      for (const place of busy) if (place.deadlineMs < overdueSince) overdue += 1;
      return { total, busy: busy.size, overdue };
    },
  });
}
