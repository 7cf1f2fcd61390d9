import { keepKey, readKey } from "./api-key.js";
import { setKeyHeader } from "./client.js";
import type { Endpoints } from "./endpoints.js";
import type { Outcome } from "./problem.js";
import { type Gate, Resource } from "./resource.js";

/** Whether the worker answers, and to whom. */
export interface ConnectionState {
  /** Null while it answers; else since when it does not, by this browser's clock. */
  readonly offlineSince: number | null;
  /** When it last answered; null before it did. */
  readonly lastAnswerAt: number | null;
  /** `asked` for a key; `refused` the one that it was given. */
  readonly key: "not_asked" | "asked" | "refused" | "accepted";
}

/** Paths that stay open where the rest asks for a key. */
const openPaths = new Set(["/", "/health", "/health/live", "/health/ready"]);

/** All that the page asks, and whether anything answers. Nothing is asked in a hidden tab, or with a key known to be wrong. */
export class WorkerConnection implements Gate {
  state: ConnectionState = {
    offlineSince: null,
    lastAnswerAt: null,
    key: readKey() === null ? "not_asked" : "accepted",
  };
  readonly #resources = new Map<string, Resource<unknown>>();
  readonly #watchers = new Set<() => void>();
  /** Paths that were refused with the key of now. */
  readonly #refused = new Set<string>();

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
  }

  resource<T>(path: string): Resource<T> {
    const known = this.#resources.get(path);
    if (known !== undefined) return known as Resource<T>;
    const resource = new Resource<unknown>(path, this);
    this.#resources.set(path, resource);
    return resource as Resource<T>;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Asks again for everything that is watched. */
  refresh(): void {
    for (const resource of this.#resources.values()) resource.refresh();
  }

  useKey(key: string): void {
    keepKey(key);
    this.#refused.clear();
    this.#change({ key: "accepted" });
    this.refresh();
  }

  forgetKey(): void {
    keepKey(null);
    this.#refused.clear();
    for (const resource of this.#resources.values()) resource.forget();
    this.#change({ key: "not_asked" });
    this.refresh();
  }

  isOpen(path: string): boolean {
    const waitsForKey = this.state.key === "asked" || this.state.key === "refused";
    return !document.hidden && (!waitsForKey || (openPaths.has(path) && !this.#refused.has(path)));
  }

  heard(path: string, outcome: Outcome<unknown>): void {
    if (path === "/" && outcome.ok) setKeyHeader((outcome.result as Endpoints).key_header);
    const kind = outcome.ok ? null : outcome.problem.kind;
    if (kind === "unauthorized") this.#refused.add(path);
    if (kind === "unauthorized")
      this.#change({ key: readKey() === null ? "asked" : "refused", ...answering() });
    else if (kind === "offline")
      this.#change({ offlineSince: this.state.offlineSince ?? Date.now() });
    else this.#change(answering());
  }

  #change(changed: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...changed };
    for (const watcher of this.#watchers) watcher();
  }
}

function answering(): Partial<ConnectionState> {
  return { offlineSince: null, lastAnswerAt: Date.now() };
}
