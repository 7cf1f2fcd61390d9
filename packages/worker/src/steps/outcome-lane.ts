import type { Clock, Logger } from "@tasker-observability/core";
import type { HeldStep } from "./held-steps.js";
import { isFaultOfValues } from "./sql-failure.js";

/** A step and what is to be written of it. */
export interface LaneItem<Value> {
  readonly step: HeldStep;
  readonly value: Value;
}

export interface OutcomeLaneOptions<Value> {
  /** For the log. */
  readonly what: string;
  /** One statement: all or nothing. */
  readonly write: (items: readonly LaneItem<Value>[]) => Promise<void>;
  readonly onWritten: (items: readonly LaneItem<Value>[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const delaysMs = { first: 100, most: 5_000 };
const mostPerStatement = 1_000;

/** Writes outcomes of one kind to one queue: whatever gathers while one batch is being written makes up the next. */
export class OutcomeLane<Value> {
  readonly #options: OutcomeLaneOptions<Value>;
  #pending: LaneItem<Value>[] = [];
  #isWriting = false;
  #isClosed = false;
  #delayMs = delaysMs.first;

  constructor(options: OutcomeLaneOptions<Value>) {
    this.#options = options;
  }

  add(item: LaneItem<Value>): void {
    this.#pending.push(item);
    if (this.#isWriting || this.#isClosed) return;
    this.#isWriting = true;
    // Steps that end in the same turn of the event loop share a statement.
    setImmediate(() => void this.#writeAll());
  }

  /** What is not written by now stays unwritten. */
  close(): void {
    this.#isClosed = true;
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0 && !this.#isClosed) {
      const left = await this.#write(this.#pending.splice(0, mostPerStatement));
      this.#pending = [...left, ...this.#pending];
      if (left.length === 0) this.#delayMs = delaysMs.first;
      else await this.#rest();
    }
    this.#isWriting = false;
  }

  /** @returns what is to be written again: an outcome is a fact, and so it is kept, and the claim with it. */
  async #write(items: readonly LaneItem<Value>[]): Promise<readonly LaneItem<Value>[]> {
    try {
      const fences = items.map(({ step }) => step.fence);
      await this.#options.write(items);
      // What this worker has claimed again meanwhile may have been passed over: its fence was another. To write it twice harms nobody.
      const isOvertaken = (item: LaneItem<Value>, index: number): boolean =>
        item.step.fence !== fences[index];
      this.#pending.push(...items.filter(isOvertaken));
      this.#options.onWritten(items.filter((item, index) => !isOvertaken(item, index)));
      return [];
    } catch (error) {
      return isFaultOfValues(error) ? this.#writeApart(items, error) : this.#keep(items, error);
    }
  }

  /** Halves a batch that was refused until the one that cannot be written stands alone: it holds up no other. */
  async #writeApart(
    items: readonly LaneItem<Value>[],
    error: unknown,
  ): Promise<readonly LaneItem<Value>[]> {
    const [first] = items;
    if (first === undefined) return [];
    if (items.length === 1) {
      this.#options.logger("error", `the database refuses ${this.#options.what}`, {
        message_id: first.step.claim.messageId,
        retry_in_ms: delaysMs.most,
        error,
      });
      this.#options.clock.after(delaysMs.most, () => this.add(first));
      return [];
    }
    const middle = items.length >> 1;
    return [
      ...(await this.#write(items.slice(0, middle))),
      ...(await this.#write(items.slice(middle))),
    ];
  }

  #keep(items: readonly LaneItem<Value>[], error: unknown): readonly LaneItem<Value>[] {
    if (!this.#isClosed)
      this.#options.logger("warn", `${this.#options.what} could not be written yet`, {
        steps: items.length,
        retry_in_ms: this.#delayMs,
        error,
      });
    return items;
  }

  #rest(): Promise<void> {
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(delayMs * 2, delaysMs.most);
    return new Promise((resolve) => void this.#options.clock.after(delayMs, resolve));
  }
}
