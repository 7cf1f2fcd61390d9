import type { Clock } from "@tasker-observability/core";

/** Milliseconds until the next try. */
export const quarantineMs = 5_000;
/** So many are tried again at a time, so that those which are refused for good take little from the others. */
const mostAtOnce = 8;

/** What the database refused one by one: it is tried again now and then, a few at a time. */
export class Quarantine<Item> {
  readonly #clock: Clock;
  readonly #retry: (items: readonly Item[]) => void;
  /** Those that are being tried again are in it too. */
  readonly #refused = new Set<Item>();
  #waiting: Item[] = [];
  #isRetryDue = false;

  /** @param options.retry - is given those whose turn it is. */
  constructor(options: {
    readonly clock: Clock;
    readonly retry: (items: readonly Item[]) => void;
  }) {
    this.#clock = options.clock;
    this.#retry = options.retry;
  }

  /** Those that were refused, and neither written nor lost since. */
  get size(): number {
    return this.#refused.size;
  }

  put(items: readonly Item[]): void {
    for (const item of items) this.#refused.add(item);
    this.#waiting.push(...items);
    this.#retryLater();
  }

  /** @returns whether any of them was refused before. */
  forget(items: Iterable<Item>): boolean {
    return [...items].filter((item) => this.#refused.delete(item)).length > 0;
  }

  /** All that wait for their next try, which is now. */
  takeWaiting(): readonly Item[] {
    return this.#waiting.splice(0);
  }

  #retryLater(): void {
    if (this.#isRetryDue || this.#waiting.length === 0) return;
    this.#isRetryDue = true;
    this.#clock.after(quarantineMs, () => {
      this.#isRetryDue = false;
      this.#retry(this.#waiting.splice(0, mostAtOnce));
      this.#retryLater();
    });
  }
}
