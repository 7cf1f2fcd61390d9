import type { Clock } from "@tasker-observability/core";
import { LRUCache } from "lru-cache";

/** The cache's entry of one template. */
export interface CacheEntry<V> {
  readonly value: V;
  /** Monotonic milliseconds at which it was loaded. */
  readonly loadedAtMs: number;
  /** How many look-ups it answered, including the one that loaded it. */
  accessCount: number;
}

export interface TemplateCacheOptions {
  readonly clock: Clock;
  readonly maxEntries: number;
  readonly ttlMs: number;
}

/**
 * A cache that evicts the least recently used entry first, keeps nothing beyond the time-to-live, and counts what it
 * does.
 */
export class TemplateCache<V> {
  readonly #clock: Clock;
  readonly #entries: LRUCache<string, CacheEntry<V>>;
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor({ clock, maxEntries, ttlMs }: TemplateCacheOptions) {
    this.#clock = clock;
    this.#entries = new LRUCache({
      max: maxEntries,
      ttl: ttlMs,
      // Zero: otherwise the library caches the time with its own timer.
      ttlResolution: 0,
      // It reads a start of 0 as "never expires", but a clock may begin there.
      perf: { now: () => clock.monotonicMs() + 1 },
      dispose: (_entry, _key, reason) => {
        if (reason !== "set") this.#evictions += 1;
      },
    });
  }

  /** Counts a hit or a miss, and the access. */
  get(key: string): CacheEntry<V> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    entry.accessCount += 1;
    return entry;
  }

  /** The value without counting anything. */
  peek(key: string): V | undefined {
    return this.#entries.peek(key)?.value;
  }

  /** Replaces a value; the count of accesses carries over. */
  set(key: string, value: V): void {
    const accessCount = this.#entries.peek(key)?.accessCount ?? 1;
    this.#entries.set(key, { value, loadedAtMs: this.#clock.monotonicMs(), accessCount });
  }

  /** @returns whether there was an entry. */
  delete(key: string): boolean {
    return this.#entries.delete(key);
  }

  /** @returns how many entries there were. */
  clear(): number {
    this.sweep();
    const evicted = this.#entries.size;
    this.#entries.clear();
    return evicted;
  }

  /** Removes expired entries. @returns how many there were. */
  sweep(): number {
    const before = this.#entries.size;
    this.#entries.purgeStale();
    return before - this.#entries.size;
  }

  counts(): {
    readonly entries: number;
    readonly hits: number;
    readonly misses: number;
    readonly evictions: number;
  } {
    this.sweep();
    return {
      entries: this.#entries.size,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
    };
  }

  /** Milliseconds since the oldest entry was loaded; null while empty. */
  oldestAgeMs(): number | null {
    let oldest: number | null = null;
    for (const { loadedAtMs } of this.#entries.values())
      oldest = Math.min(oldest ?? loadedAtMs, loadedAtMs);
    return oldest === null ? null : this.#clock.monotonicMs() - oldest;
  }

  /** Accesses per entry; 0 while empty. */
  averageAccessCount(): number {
    let accesses = 0;
    for (const { accessCount } of this.#entries.values()) accesses += accessCount;
    return this.#entries.size === 0 ? 0 : accesses / this.#entries.size;
  }
}
