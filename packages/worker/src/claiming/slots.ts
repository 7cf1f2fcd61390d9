import type { Clock } from "@tasker-observability/core";

/** A slot that a step occupies. */
export interface Slot {
  /** Sets the deadline of the step; a slot without one is never overdue. */
  setDeadline(deadlineMs: number): void;
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
      const slot = new BusySlot({ busy, clock, onRelease });
      busy.add(slot);
      return slot;
    },
    counts() {
      const overdueBeforeMs = clock.monotonicMs() - overdueAfterMs;
      let overdue = 0;
      for (const slot of busy) if (slot.deadlineMs < overdueBeforeMs) overdue += 1;
      return { total, busy: busy.size, overdue };
    },
  });
}

interface BusySlotParts {
  readonly busy: Set<BusySlot>;
  readonly clock: Clock;
  readonly onRelease: (tookMs: number) => void;
}

class BusySlot implements Slot {
  readonly #parts: BusySlotParts;
  readonly #takenAtMs: number;
  deadlineMs = Number.POSITIVE_INFINITY;

  constructor(parts: BusySlotParts) {
    this.#parts = parts;
    this.#takenAtMs = parts.clock.monotonicMs();
  }

  setDeadline(deadlineMs: number): void {
    this.deadlineMs = deadlineMs;
  }

  release(): void {
    const { busy, clock, onRelease } = this.#parts;
    if (busy.delete(this)) onRelease(clock.monotonicMs() - this.#takenAtMs);
  }
}
