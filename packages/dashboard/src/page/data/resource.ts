import { get } from "./client.js";
import type { Outcome, Problem } from "./problem.js";

/** The last answer to a path, kept while a later one fails. */
export interface Snapshot<T> {
  readonly result: T | null;
  /** When the result came, by this browser's clock; null before the first. */
  readonly at: number | null;
  /** Why the last call had no result; null if it had one. */
  readonly problem: Problem | null;
}

export const emptySnapshot: Snapshot<never> = { result: null, at: null, problem: null };

/** What a worker does not offer, it may offer after an update. */
const unavailableMs = 30_000;

/** One path that is asked again and again while somebody watches it, never twice at a time. */
export class Resource<T> {
  readonly path: string;
  snapshot: Snapshot<T> = emptySnapshot;
  readonly #watchers = new Map<() => void, number>();
  readonly #gate: Gate;
  #timer: number | undefined;
  #asking = false;

  constructor(path: string, gate: Gate) {
    this.path = path;
    this.#gate = gate;
  }

  /** @returns what ends the watch. */
  watch(watcher: () => void, everyMs: number): () => void {
    this.#watchers.set(watcher, everyMs);
    this.#schedule(this.#isStale() ? 0 : this.#everyMs());
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) clearTimeout(this.#timer);
    };
  }

  /** Asks now, unless a call is under way. */
  refresh(): void {
    if (this.#watchers.size > 0) this.#schedule(0);
  }

  /** Drops what it knows. */
  forget(): void {
    this.snapshot = emptySnapshot;
  }

  #isStale(): boolean {
    return this.snapshot.at === null || Date.now() - this.snapshot.at >= this.#everyMs();
  }

  #everyMs(): number {
    return Math.min(...this.#watchers.values());
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#asking) return;
    this.#timer = window.setTimeout(() => void this.#ask(), delayMs);
  }

  async #ask(): Promise<void> {
    if (!this.#gate.isOpen(this.path)) return;
    this.#asking = true;
    const startedAt = Date.now();
    const outcome = await get<T>(this.path);
    this.#asking = false;
    this.snapshot = nextSnapshot(this.snapshot, outcome);
    this.#gate.heard(this.path, outcome);
    for (const watcher of this.#watchers.keys()) watcher();
    const every = this.#everyMs();
    if (!Number.isFinite(every)) return;
    const kind = outcome.ok ? null : outcome.problem.kind;
    const pause = kind === "unavailable" || kind === "forbidden" ? unavailableMs : every;
    this.#schedule(Math.max(0, startedAt + Math.max(pause, every) - Date.now()));
  }
}

function nextSnapshot<T>(before: Snapshot<T>, outcome: Outcome<T>): Snapshot<T> {
  return outcome.ok
    ? { result: outcome.result, at: Date.now(), problem: null }
    : { ...before, problem: outcome.problem };
}

/** Decides when calls may go out, and learns what came of them. */
export interface Gate {
  isOpen(path: string): boolean;
  heard(path: string, outcome: Outcome<unknown>): void;
}
