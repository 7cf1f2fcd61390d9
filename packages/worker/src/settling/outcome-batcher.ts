import { createBackoff, sleep } from "@tasker-observability/core";
import { classifyFailure } from "@tasker-observability/postgres";
import { isBreakerOpen } from "./breaker.js";
import type { InFlightStep } from "../claiming/in-flight-steps.js";
import type {
  BatcherRefusal,
  BatchItem,
  OutcomeBatcherOptions,
} from "./outcome-batcher-options.js";
import { quarantineMs, Quarantine } from "./quarantine.js";
import {
  failureScope,
  isTransient,
  isStatementTimeout,
  isCommitUncertain,
} from "../queues/sql-failure.js";

const delays = { firstMs: 100, maxMs: 5_000 };
const maxPerStatement = 1_000;
const maxCharactersPerStatement = 4 * 2 ** 20;
/** After so many refusals in a row, the rest of the batch goes into quarantine untried. */
const maxRefusedInARow = 8;

/** What one statement writes. */
interface Chunk<Item> {
  readonly items: readonly Item[];
  /** Whether a refusal has singled out its one item, which is then written in whatever form the database takes. */
  readonly isSingledOut: boolean;
}

/**
 * Writes outcomes of one kind to one queue: what gathers while one batch is being written makes the next batch.
 * An outcome that the database refuses goes into quarantine, so that it does not delay the others.
 */
export class OutcomeBatcher<Value> {
  readonly #options: OutcomeBatcherOptions<Value>;
  #pending: BatchItem<Value>[] = [];
  readonly #quarantine: Quarantine<BatchItem<Value>>;
  /** Items whose commit got no answer. */
  readonly #uncertain = new WeakSet<BatchItem<Value>>();
  /** Whether the database refused the last statement as a whole: everything pending waits. */
  #isBlocked = false;
  #error: unknown = null;
  #refusedAtMs = 0;
  #refusedInARow = 0;
  /** Items a statement: halved after a refusal, since the batch may be too large, and doubled after a success. */
  #maxItems = maxPerStatement;
  #isWriting = false;
  #current: readonly BatchItem<Value>[] = [];
  #isClosed = false;
  readonly #backoff = createBackoff(delays);

  constructor(options: OutcomeBatcherOptions<Value>) {
    this.#options = options;
    this.#quarantine = new Quarantine({
      clock: options.clock,
      retry: (items) => this.add(...items),
    });
  }

  add(...items: readonly BatchItem<Value>[]): void {
    this.#pending.push(...items);
    if (this.#isWriting || this.#isClosed || this.#pending.length === 0) return;
    this.#isWriting = true;
    // Steps that end in the same turn of the event loop share a statement.
    setImmediate(() => void this.#writeAll());
  }

  /** Null while nothing is refused. */
  refusal(): BatcherRefusal | null {
    if (!this.#isBlocked && this.#quarantine.size === 0) return null;
    const blocked = this.#isBlocked ? [...this.#pending, ...this.#current] : [];
    // What is being retried is still in quarantine.
    const others = blocked.filter((item) => !this.#quarantine.has(item));
    return {
      waiting: this.#quarantine.size + others.length,
      durationMs: this.#options.clock.monotonicMs() - this.#refusedAtMs,
      error: this.#error,
    };
  }

  /** Writes nothing more. */
  close(): void {
    this.#isClosed = true;
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0 && !this.#isClosed) {
      const batch = this.#take();
      this.#current = batch;
      const left = await this.#write(batch);
      this.#current = [];
      this.#pending = [...left, ...this.#pending];
      if (left.length === 0) this.#backoff.reset();
      else await sleep(this.#backoff.next(), { clock: this.#options.clock });
    }
    this.#isWriting = false;
  }

  /** Takes at least one item, however large. */
  #take(): readonly BatchItem<Value>[] {
    let characters = 0;
    const end = this.#pending.findIndex((item, index) => {
      characters += this.#options.sizeOf(item.value);
      return index === this.#maxItems || (index > 0 && characters > maxCharactersPerStatement);
    });
    return this.#pending.splice(0, end === -1 ? this.#pending.length : end);
  }

  /**
   * Halves a refused batch until the item that cannot be written is alone.
   * @returns what must be written again: outcomes are facts, and are kept with their claims.
   */
  async #write(items: readonly BatchItem<Value>[]): Promise<readonly BatchItem<Value>[]> {
    const chunks: Chunk<BatchItem<Value>>[] = [{ items, isSingledOut: false }];
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      try {
        await this.#writeChunk(chunk);
      } catch (error) {
        if (isCommitUncertain(error)) for (const item of chunk.items) this.#uncertain.add(item);
        if (!isCausedByItems(chunk, error))
          return this.#deferAfterFailure(itemsOf([chunk, ...chunks]), error);
        if (chunk.isSingledOut) this.#quarantineItems(chunk.items, error);
        else chunks.unshift(...bisect(chunk.items));
        if (this.#refusedInARow >= maxRefusedInARow)
          this.#quarantineItems(itemsOf(chunks.splice(0)), error);
      }
    }
    return [];
  }

  async #writeChunk({ items, isSingledOut }: Chunk<BatchItem<Value>>): Promise<void> {
    const { beforeWrite, write, writeOne, onWritten } = this.#options;
    await beforeWrite(items.map(({ step }) => step));
    const fences = new Map(items.map((item) => [item, item.step.fence]));
    const [first] = items;
    const written = new Set(
      await (isSingledOut && first !== undefined ? writeOne(first) : write(items)),
    );
    this.#recover(written);
    if (written.size > 0) onWritten([...written]);
    const unwritten = items.filter((item) => !written.has(item));
    if (unwritten.length > 0) void this.#settleUnwritten(unwritten, fences);
  }

  /** Writes again what this worker has claimed again or renewed meanwhile, since the statement passed over its old fence. */
  async #settleUnwritten(
    items: readonly BatchItem<Value>[],
    fences: ReadonlyMap<BatchItem<Value>, InFlightStep["fence"]>,
  ): Promise<void> {
    await this.#options.waitForFenceChanges();
    const hasNewFence = (item: BatchItem<Value>): boolean => item.step.fence !== fences.get(item);
    const uncertain = items.filter((item) => this.#uncertain.has(item) && !hasNewFence(item));
    const written = await this.#findWritten(uncertain);
    if (written.length > 0) this.#options.onWritten(written);
    const unwritten = items.filter((item) => !written.includes(item));
    // Looked at last: it may have been claimed again or renewed until now.
    this.add(...unwritten.filter(hasNewFence));
    const lost = unwritten.filter((item) => !hasNewFence(item));
    if (lost.length === 0) return;
    if (this.#quarantine.forget(lost) && this.refusal() === null) this.#options.onRecovered();
    this.#options.onLost(lost);
  }

  async #findWritten(items: readonly BatchItem<Value>[]): Promise<readonly BatchItem<Value>[]> {
    if (items.length === 0) return [];
    try {
      return await this.#options.findWritten(items);
    } catch {
      // The messages are not ours either way: this affects counts and subscribers only.
      return [];
    }
  }

  #recover(written: ReadonlySet<BatchItem<Value>>): void {
    const isRefused = this.refusal() !== null;
    const wasQuarantined = this.#quarantine.forget(written);
    this.#isBlocked = false;
    this.#refusedInARow = 0;
    this.#maxItems = Math.min(2 * this.#maxItems, maxPerStatement);
    if (written.size > 0) this.#refusedAtMs = this.#options.clock.monotonicMs();
    // The cause has passed for one item, so it may have passed for the others.
    if (wasQuarantined) this.add(...this.#quarantine.takeWaiting());
    if (isRefused && this.refusal() === null) this.#options.onRecovered();
  }

  #beginRefusal(error: unknown): void {
    if (this.refusal() === null) this.#refusedAtMs = this.#options.clock.monotonicMs();
    this.#error = error;
    this.#options.onRefused();
  }

  #quarantineItems(items: readonly BatchItem<Value>[], error: unknown): void {
    const [first] = items;
    if (first === undefined) return;
    this.#beginRefusal(error);
    this.#quarantine.put(items);
    this.#refusedInARow += items.length;
    this.#maxItems = 1;
    this.#options.logger("error", `the database refuses ${this.#options.outcomesLabel}`, {
      queue: this.#options.queueName,
      message_id: first.step.claim.messageId,
      steps: items.length,
      retry_in_ms: quarantineMs,
      error,
    });
  }

  #deferAfterFailure(
    items: readonly BatchItem<Value>[],
    error: unknown,
  ): readonly BatchItem<Value>[] {
    if (this.#isClosed) return items;
    // An outage neither begins nor ends a refusal.
    if (!isBreakerOpen(error) && !isTransient(classifyFailure(error))) {
      this.#beginRefusal(error);
      this.#isBlocked = true;
      this.#maxItems = Math.max(1, items.length >> 1);
    }
    this.#options.logger("warn", `${this.#options.outcomesLabel} could not be written yet`, {
      queue: this.#options.queueName,
      steps: items.length,
      retry_in_ms: this.#backoff.peek(),
      error,
    });
    return items;
  }
}

/** An item that is too slow alone is to blame; in a batch, the size may be. */
function isCausedByItems({ items }: Chunk<unknown>, error: unknown): boolean {
  return failureScope(error) === "rows" || (items.length === 1 && isStatementTimeout(error));
}

/** Two halves to try next; of one item, that item alone. */
function bisect<Item>(items: readonly Item[]): readonly Chunk<Item>[] {
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)]
    .filter(({ length }) => length > 0)
    .map((half) => ({ items: half, isSingledOut: half.length === 1 }));
}

function itemsOf<Item>(chunks: readonly Chunk<Item>[]): readonly Item[] {
  return chunks.flatMap(({ items }) => items);
}
