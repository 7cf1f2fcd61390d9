import type { Clock } from "@tasker-observability/core";

/** Milliseconds until the next try. */
export const quarantineMs = 5_000;
/** How many are retried at once: few, so that items that always fail cost the others little. */
const retryBatchSize = 8;

/** Keeps what the database refused one by one, and retries it every few seconds, a few at a time. */
export class Quarantine<Item> {
  readonly #clock: Clock;
  readonly #retry: (items: readonly Item[]) => void;
  /** Includes those that are being retried. */
  readonly #items = new Set<Item>();
  #waiting: Item[] = [];
  #isRetryDue = false;

  /** @param options.retry - is called with the items to try again. */
  constructor(options: {
    readonly clock: Clock;
    readonly retry: (items: readonly Item[]) => void;
  }) {
    this.#clock = options.clock;
    this.#retry = options.retry;
  }

  /** How many were refused, and neither written nor lost since. */
  get size(): number {
    return this.#items.size;
  }

  /** Whether it was refused, and neither written nor lost since. */
  has(item: Item): boolean {
    return this.#items.has(item);
  }

  put(items: readonly Item[]): void {
    for (const item of items) this.#items.add(item);
    this.#waiting.push(...items);
    this.#retryLater();
  }

  /** @returns whether any of them was refused before. */
  forget(items: Iterable<Item>): boolean {
    return [...items].filter((item) => this.#items.delete(item)).length > 0;
  }

  /** Takes everything that waits, to try it now. */
  takeWaiting(): readonly Item[] {
    return this.#waiting.splice(0);
  }

  #retryLater(): void {
    if (this.#isRetryDue || this.#waiting.length === 0) return;
    this.#isRetryDue = true;
    this.#clock.after(quarantineMs, () => {
      this.#isRetryDue = false;
      this.#retry(this.#waiting.splice(0, retryBatchSize));
      this.#retryLater();
    });
  }
}
