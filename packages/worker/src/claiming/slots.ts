import type { Clock, RunningStep } from "@tasker-observability/core";

/** Describes the handler that runs in a slot; both instants are monotonic. */
export type DescribeRun = (nowMs: number, deadlineMs: number) => RunningStep;

/** A slot that a step occupies. */
export interface Slot {
  /** Records that the handler starts, and its deadline; a slot without one is never overdue. */
  start(deadlineMs: number, describe?: DescribeRun): void;
  /** Gives the slot back; a second call does nothing. */
  release(): void;
}

/** Limits how many handlers run at once. */
export interface Slots {
  free(): number;
  /** @param onRelease - called once, when the slot is free again, with the milliseconds for which it was taken. */
  take(onRelease: (tookMs: number) => void): Slot;
  counts(): { readonly total: number; readonly busy: number; readonly overdue: number };
  /** The handlers that run now, in the order in which they started. */
  running(): readonly RunningStep[];
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
    running() {
      const nowMs = clock.monotonicMs();
      return [...busy].flatMap(({ describe, deadlineMs }) =>
        describe === null ? [] : [describe(nowMs, deadlineMs)],
      );
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
  describe: DescribeRun | null = null;

  constructor(parts: BusySlotParts) {
    this.#parts = parts;
    this.#takenAtMs = parts.clock.monotonicMs();
  }

  start(deadlineMs: number, describe: DescribeRun | null = null): void {
    this.deadlineMs = deadlineMs;
    this.describe = describe;
  }

  release(): void {
    const { busy, clock, onRelease } = this.#parts;
    if (busy.delete(this)) onRelease(clock.monotonicMs() - this.#takenAtMs);
  }
}
