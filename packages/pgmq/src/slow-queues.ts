import type { FoundQueue } from "./find-queues.js";

/** After so many scans the indexes are tried again: whoever reads them clears what is dead in them, once nobody else needs it. */
const scansInARow = 10;

/** After so many readings without time for them, slow queues are read before the others. */
const maxReadingsWithoutTurn = 3;

/**
 * The queues whose reading ran out of time, in the order in which it is their turn. They are read alone, and after the
 * others: by their indexes, or, where that took too long, by a scan of the table, which passes dead rows faster.
 */
export class SlowQueues {
  /** For each table, how many scans are left until its indexes are tried again. */
  readonly #scansLeft = new Map<string, number>();
  readonly #quickMs: number;
  #readingsWithoutTurn = 0;
  #hadTurn = false;

  /** @param quickMs - milliseconds below which a queue that is read alone by its indexes is no longer slow. */
  constructor(quickMs: number) {
    this.#quickMs = quickMs;
  }

  has(queue: FoundQueue): boolean {
    return this.#scansLeft.has(queue.oid);
  }

  isScanned(queue: FoundQueue): boolean {
    return (this.#scansLeft.get(queue.oid) ?? 0) > 0;
  }

  /** Whether it is time to read them first, so that they are not left out for ever. */
  areDue(): boolean {
    return this.#readingsWithoutTurn >= maxReadingsWithoutTurn;
  }

  /** Those of the queues that are slow; whoever had its turn last is last. */
  inTurn(queues: readonly FoundQueue[]): readonly FoundQueue[] {
    return [...this.#scansLeft.keys()].flatMap((oid) =>
      queues.filter((queue) => queue.oid === oid),
    );
  }

  /** These ran out of time together: each may be the slow one. */
  suspect(queues: readonly FoundQueue[]): void {
    for (const { oid } of queues) this.#scansLeft.set(oid, queues.length === 1 ? scansInARow : 0);
  }

  /** This one ran out of time alone. */
  ranOut(queue: FoundQueue): void {
    this.#hadItsTurn(queue, this.isScanned(queue) ? 0 : scansInARow);
  }

  wasRead(queue: FoundQueue, tookMs: number): void {
    if (!this.has(queue)) return;
    const wasQuick = !this.isScanned(queue) && tookMs < this.#quickMs;
    this.#hadItsTurn(
      queue,
      wasQuick ? null : Math.max(0, (this.#scansLeft.get(queue.oid) ?? 0) - 1),
    );
  }

  /** Ends a reading of these queues; others are forgotten. */
  endReading(queues: readonly FoundQueue[]): void {
    const oids = new Set(queues.map(({ oid }) => oid));
    for (const oid of this.#scansLeft.keys()) if (!oids.has(oid)) this.#scansLeft.delete(oid);
    this.#readingsWithoutTurn =
      this.#hadTurn || this.#scansLeft.size === 0 ? 0 : this.#readingsWithoutTurn + 1;
    this.#hadTurn = false;
  }

  #hadItsTurn({ oid }: FoundQueue, scansLeft: number | null): void {
    this.#hadTurn = true;
    this.#scansLeft.delete(oid);
    if (scansLeft !== null) this.#scansLeft.set(oid, scansLeft);
  }
}
