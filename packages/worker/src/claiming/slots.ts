import type { Clock } from "@tasker-observability/core";

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
  /** @param onRelease - called once, when the slot is free again, with the milliseconds for which it was taken. */
  take(onRelease: (tookMs: number) => void): Slot;
  counts(): { readonly total: number; readonly busy: number; readonly overdue: number };
}

/** Milliseconds after its time-out from which a step is overdue: a handler that observes its signal has ended by then. */
export const overdueAfterMs = 5_000;

export function createSlots(options: { readonly total: number; readonly clock: Clock }): Slots {
  const { total, clock } = options;
  const busy = new Set<BusySlot>();
  return Object.freeze({
    free: () => total - busy.size,
    take(onRelease: (tookMs: number) => void) {
      const takenAtMs = clock.monotonicMs();
      const slot = new BusySlot(busy, () => onRelease(clock.monotonicMs() - takenAtMs));
      busy.add(slot);
      return slot;
    },
    counts() {
      const overdueSince = clock.monotonicMs() - overdueAfterMs;
      let overdue = 0;
      for (const slot of busy) if (slot.deadlineMs < overdueSince) overdue += 1;
      return { total, busy: busy.size, overdue };
    },
  });
}

class BusySlot implements Slot {
  readonly #busy: Set<BusySlot>;
  readonly #onRelease: () => void;
  deadlineMs = Number.POSITIVE_INFINITY;

  constructor(busy: Set<BusySlot>, onRelease: () => void) {
    this.#busy = busy;
    this.#onRelease = onRelease;
  }

  runsUntil(deadlineMs: number): void {
    this.deadlineMs = deadlineMs;
  }

  release(): void {
    if (this.#busy.delete(this)) this.#onRelease();
  }
}
