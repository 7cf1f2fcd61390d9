import { classifyFailure, createBackoff, sleep } from "@tasker-observability/core";
import { isBreakerOpen } from "./breaker.js";
import type { InFlightStep } from "../claiming/in-flight-steps.js";
import type {
  BatcherRefusal,
  BatchItem,
  OutcomeBatcherOptions,
} from "./outcome-batcher-options.js";
import { quarantineMs, Quarantine } from "./quarantine.js";
import { isDataRefused, isTransient, isTooSlow, isCommitUncertain } from "../queues/sql-failure.js";

const delays = { firstMs: 100, maxMs: 5_000 };
const mostPerStatement = 1_000;
const mostCharactersPerStatement = 4 * 2 ** 20;
/** So many that were refused one after another, and none written in between: the others are put aside untried. */
const mostRefusedInARow = 8;

/**
 * Writes outcomes of one kind to one queue: whatever gathers while one batch is being written makes up the next.
 * What the database refuses by itself is put aside, is tried again now and then, and holds up no other.
 */
export class OutcomeBatcher<Value> {
  readonly #options: OutcomeBatcherOptions<Value>;
  #pending: BatchItem<Value>[] = [];
  readonly #quarantine: Quarantine<BatchItem<Value>>;
  /** Those of whose writing no answer came. */
  readonly #uncertain = new WeakSet<BatchItem<Value>>();
  /** Whether the database refused the last statement as a whole: all that is pending waits. */
  #isHeldUp = false;
  #error: unknown = null;
  #refusedSinceMs = 0;
  #refusedInARow = 0;
  /** Fewer after each refusal, as one of a whole batch may be for its size, and twice as many after each success. */
  #most = mostPerStatement;
  #isWriting = false;
  #underWay = 0;
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
    if (!this.#isHeldUp && this.#quarantine.size === 0) return null;
    return {
      waiting: this.#quarantine.size + (this.#isHeldUp ? this.#pending.length + this.#underWay : 0),
      forMs: this.#options.clock.monotonicMs() - this.#refusedSinceMs,
      error: this.#error,
    };
  }

  /** What is not written by now stays unwritten. */
  close(): void {
    this.#isClosed = true;
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0 && !this.#isClosed) {
      const batch = this.#take();
      this.#underWay = batch.length;
      const left = await this.#write(batch);
      this.#underWay = 0;
      this.#pending = [...left, ...this.#pending];
      if (left.length === 0) this.#backoff.reset();
      else await sleep(this.#backoff.next(), { clock: this.#options.clock });
    }
    this.#isWriting = false;
  }

  /** One at least, however large. */
  #take(): readonly BatchItem<Value>[] {
    let characters = 0;
    const end = this.#pending.findIndex((item, index) => {
      characters += this.#options.sizeOf(item.value);
      return index === this.#most || (index > 0 && characters > mostCharactersPerStatement);
    });
    return this.#pending.splice(0, end === -1 ? this.#pending.length : end);
  }

  /**
   * Halves a batch that was refused until the one that cannot be written stands alone.
   * @returns what is to be written again: an outcome is a fact, and so it is kept, and the claim with it.
   */
  async #write(items: readonly BatchItem<Value>[]): Promise<readonly BatchItem<Value>[]> {
    const chunks = [items];
    let isApart = false;
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      try {
        await this.#writeChunk(chunk, isApart);
      } catch (error) {
        if (isCommitUncertain(error)) for (const item of chunk) this.#uncertain.add(item);
        if (!isRefusalOf(chunk, error)) return this.#keep([chunk, ...chunks].flat(), error);
        if (chunk.length > 1 || !isApart) chunks.unshift(...halvesOf(chunk));
        else this.#quarantineItems(chunk, error);
        if (this.#refusedInARow >= mostRefusedInARow)
          this.#quarantineItems(chunks.splice(0).flat(), error);
        isApart = true;
      }
    }
    return [];
  }

  async #writeChunk(items: readonly BatchItem<Value>[], isApart: boolean): Promise<void> {
    const { prepareWrite, write, writeAlone, onWritten } = this.#options;
    await prepareWrite(items.map(({ step }) => step));
    const fences = new Map(items.map((item) => [item, item.step.fence]));
    const [first] = items;
    const isAlone = isApart && items.length === 1 && first !== undefined;
    const written = new Set(await (isAlone ? writeAlone(first) : write(items)));
    this.#recover(written);
    if (written.size > 0) onWritten([...written]);
    const unwritten = items.filter((item) => !written.has(item));
    if (unwritten.length > 0) void this.#settleUnwritten(unwritten, fences);
  }

  /** What this worker has claimed again meanwhile was passed over, as its fence was another: it is written again. */
  async #settleUnwritten(
    items: readonly BatchItem<Value>[],
    fences: ReadonlyMap<BatchItem<Value>, InFlightStep["fence"]>,
  ): Promise<void> {
    await this.#options.whenClaimed();
    const isOvertaken = (item: BatchItem<Value>): boolean => item.step.fence !== fences.get(item);
    this.add(...items.filter(isOvertaken));
    const others = items.filter((item) => !isOvertaken(item));
    const written = await this.#findWritten(others.filter((item) => this.#uncertain.has(item)));
    if (written.length > 0) this.#options.onWritten(written);
    const lost = others.filter((item) => !written.includes(item));
    if (lost.length === 0) return;
    if (this.#quarantine.forget(lost) && this.refusal() === null) this.#options.onRecovered();
    this.#options.onLost(lost);
  }

  async #findWritten(items: readonly BatchItem<Value>[]): Promise<readonly BatchItem<Value>[]> {
    if (items.length === 0) return [];
    try {
      return await this.#options.findWritten(items);
    } catch {
      // Only counts and subscribers hang on it: the messages are not ours either way.
      return [];
    }
  }

  #recover(written: ReadonlySet<BatchItem<Value>>): void {
    const isRefused = this.refusal() !== null;
    const wasQuarantined = this.#quarantine.forget(written);
    this.#isHeldUp = false;
    this.#refusedInARow = 0;
    this.#most = Math.min(2 * this.#most, mostPerStatement);
    this.#refusedSinceMs = this.#options.clock.monotonicMs();
    // What kept one of them from being written has passed, and so it may have for the others.
    if (wasQuarantined) this.add(...this.#quarantine.takeWaiting());
    if (isRefused && this.refusal() === null) this.#options.onRecovered();
  }

  #refuse(error: unknown): void {
    if (this.refusal() === null) this.#refusedSinceMs = this.#options.clock.monotonicMs();
    this.#error = error;
    this.#options.onRefused();
  }

  #quarantineItems(items: readonly BatchItem<Value>[], error: unknown): void {
    const [first] = items;
    if (first === undefined) return;
    this.#refuse(error);
    this.#quarantine.put(items);
    this.#refusedInARow += items.length;
    this.#most = 1;
    this.#options.logger("error", `the database refuses ${this.#options.what}`, {
      queue: this.#options.queueName,
      message_id: first.step.claim.messageId,
      steps: items.length,
      retry_in_ms: quarantineMs,
      error,
    });
  }

  #keep(items: readonly BatchItem<Value>[], error: unknown): readonly BatchItem<Value>[] {
    if (this.#isClosed) return items;
    // An outage is no refusal, and ends none.
    if (!isBreakerOpen(error) && !isTransient(classifyFailure(error))) {
      this.#refuse(error);
      this.#isHeldUp = true;
      this.#most = Math.max(1, items.length >> 1);
    }
    this.#options.logger("warn", `${this.#options.what} could not be written yet`, {
      queue: this.#options.queueName,
      steps: items.length,
      retry_in_ms: this.#backoff.peek(),
      error,
    });
    return items;
  }
}

/** One that is too slow by itself is not so for being in a batch. */
function isRefusalOf({ length }: readonly unknown[], error: unknown): boolean {
  return isDataRefused(error) || (length === 1 && isTooSlow(error));
}

function halvesOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)].filter(({ length }) => length > 0);
}
