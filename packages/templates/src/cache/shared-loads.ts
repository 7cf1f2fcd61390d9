import {
  type Clock,
  createSharedRun,
  type Logger,
  ObservabilityError,
  type RunSignals,
  type SharedRun,
} from "@tasker-observability/core";

export interface SharedLoadsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a caller waits for the source. */
  readonly timeoutMs: number;
}

/** A hanging source occupies one run per request; beyond this number it gets no further ones. */
const maxRuns = 1_000;

/** Shares one run of a source's work among concurrent callers with the same key. Nobody joins a hanging run. */
export class SharedLoads<T> {
  readonly #options: SharedLoadsOptions;
  readonly #runs = new Map<string, SharedRun<T>>();

  constructor(options: SharedLoadsOptions) {
    this.#options = options;
  }

  /**
   * Runs `work`, or joins the run for the same key.
   *
   * @throws ObservabilityError as `work` threw it; TEMPLATE_SOURCE_UNAVAILABLE for any other error, or if no answer
   * comes in time.
   */
  async run(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const shared = this.#runs.get(key) ?? this.#start(key, work);
    const { run } = await shared.get();
    if (run.state === "done") return run.value;
    if (run.state === "failed")
      throw ObservabilityError.isInstance(run.error)
        ? run.error
        : unavailable("could not be read", run.error);
    throw unavailable(`did not answer within ${this.#options.timeoutMs} ms`);
  }

  isRunning(key: string): boolean {
    return this.#runs.has(key);
  }

  /** Later callers do not join current runs. */
  forget(): void {
    this.#runs.clear();
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): SharedRun<T> {
    if (this.#runs.size >= maxRuns) throw unavailable("has too many requests waiting");
    const { clock, timeoutMs } = this.#options;
    const shared: SharedRun<T> = createSharedRun(
      async (signals) => {
        try {
          return await this.#logged(work, signals);
        } finally {
          if (this.#runs.get(key) === shared) this.#runs.delete(key);
        }
      },
      { clock, ttlMs: 0, timeoutMs },
    );
    this.#runs.set(key, shared);
    return shared;
  }

  async #logged(work: (signal: AbortSignal) => Promise<T>, { signal }: RunSignals): Promise<T> {
    const { logger, timeoutMs } = this.#options;
    signal.addEventListener(
      "abort",
      () => logger("warn", "the template source does not answer", { timeout_ms: timeoutMs }),
      { once: true },
    );
    try {
      return await work(signal);
    } catch (error) {
      if (!ObservabilityError.isInstance(error))
        logger("error", "the template source could not be read", { error });
      throw error;
    }
  }
}

function unavailable(what: string, cause?: unknown): ObservabilityError {
  return new ObservabilityError(
    "TEMPLATE_SOURCE_UNAVAILABLE",
    `The template source ${what}: see the worker's log, and try again.`,
    { cause },
  );
}
