import type { AcquireStatistics } from "@tasker-observability/core";

/** From this many milliseconds, a wait for a connection is slow: Tasker's own threshold. */
const slowMs = 100;

/** Counts how callers get their connections. Costs two readings of the clock. */
export class AcquireCounter {
  #total = 0;
  #slow = 0;
  #errors = 0;
  #sumMs = 0;
  #maxMs = 0;
  #statistics: AcquireStatistics | null = null;

  /** Counts and times one wait for a connection. */
  async count<T>(acquired: Promise<T>): Promise<T> {
    const startedMs = performance.now();
    try {
      const connection = await acquired;
      this.#record(performance.now() - startedMs);
      return connection;
    } catch (error) {
      this.#errors += 1;
      this.#statistics = null;
      throw error;
    }
  }

  /** The same object until the next count. */
  statistics(): AcquireStatistics {
    return (this.#statistics ??= Object.freeze({
      total: this.#total,
      slow: this.#slow,
      errors: this.#errors,
      averageMs: this.#total === 0 ? 0 : this.#sumMs / this.#total,
      maxMs: this.#maxMs,
    }));
  }

  #record(tookMs: number): void {
    this.#statistics = null;
    this.#total += 1;
    this.#sumMs += tookMs;
    this.#maxMs = Math.max(this.#maxMs, tookMs);
    if (tookMs >= slowMs) this.#slow += 1;
  }
}
