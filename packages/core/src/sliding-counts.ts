import type { Clock } from "./clock.js";

const slots = 60;

/** A ring of time slots, in constant memory. Samples older than the window drop out slot by slot, whatever the rate. */
export class SlidingCounts {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #slotMs: number;
  readonly #samples = new Float64Array(slots);
  readonly #errors = new Float64Array(slots);
  #newest = 0;

  /** @param windowMs - milliseconds that the ring spans; a sample leaves it up to a sixtieth of that early. */
  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
    this.#slotMs = windowMs / slots;
  }

  /** Counts one sample. @param isError - whether it counts as an error too. */
  record(isError: boolean): void {
    const slot = this.#advance();
    this.#samples[slot] = (this.#samples[slot] ?? 0) + 1;
    if (isError) this.#errors[slot] = (this.#errors[slot] ?? 0) + 1;
  }

  /** The samples within the window, and the errors among them. */
  sum(): { samples: number; errors: number } {
    this.#advance();
    return { samples: total(this.#samples), errors: total(this.#errors) };
  }

  /** Empties the slots that have expired. @returns the current slot. */
  #advance(): number {
    const now = Math.floor((this.#clock.monotonicMs() - this.#startedAtMs) / this.#slotMs);
    const stale = Math.min(now - this.#newest, slots);
    for (let step = 1; step <= stale; step += 1) {
      const slot = (this.#newest + step) % slots;
      this.#samples[slot] = 0;
      this.#errors[slot] = 0;
    }
    if (now > this.#newest) this.#newest = now;
    return this.#newest % slots;
  }
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
