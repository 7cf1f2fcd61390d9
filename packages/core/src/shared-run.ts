import type { Awaitable } from "./awaitable.js";
import { type Clock, maxTimerMs } from "./clock.js";
import { assertValid } from "./options/option-messages.js";
import {
  hasMethods,
  toObject,
  validate,
  validateNames,
  validateNumber,
} from "./options/validate-by-hand.js";

/** How a run ended, or `still_running`. */
export type RunState<T> =
  | { readonly state: "done"; readonly value: T }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "timed_out" }
  | { readonly state: "still_running" };

/** The result of a run for one caller. */
export interface SharedResult<T> {
  /** How the run ended; `still_running` while a run hangs past its time-out. */
  readonly run: RunState<T>;
  /** False only if the run ended after this caller arrived. */
  readonly cached: boolean;
  /** The wall-clock instant at which the run ended or timed out. */
  readonly endedAtMs: number;
  /** Milliseconds that the run took, or has taken so far. */
  readonly durationMs: number;
}

/** Options of {@link createSharedRun}. */
export interface SharedRunOptions {
  readonly clock: Clock;
  /** For how many milliseconds a result is shared after its run ended; 0 still shares running work. */
  readonly ttlMs: number;
  /** Milliseconds after which callers get `timed_out`. */
  readonly timeoutMs: number;
  /** Milliseconds after which a run that hangs is abandoned and one new run may start. @default 10000 */
  readonly abandonAfterMs?: number | undefined;
}

/** The signals that a run gets. */
export interface RunSignals {
  /** Aborted at the time-out: no caller waits any more. */
  readonly signal: AbortSignal;
  /** Aborted when the run is abandoned: release its resources. Comes after `signal`, and on close. */
  readonly abandoned: AbortSignal;
}

/** Work that concurrent callers share. */
export interface SharedRun<T> {
  /**
   * The latest result while it is fresh: without a promise, and the same object until the next run ends. Else a promise
   * of the current or a new run. Never rejects.
   * @param nowMs - the monotonic time, if the caller has already read it.
   */
  get(nowMs?: number): Awaitable<SharedResult<T>>;
  /** Abandons the current run and answers its callers. Later calls report `failed`. */
  close(): void;
}

/**
 * Single-flight, time-to-live, time-out and hanging runs in one place: checks, collectors,
 * queue statistics and template loads all use it.
 *
 * At most two runs exist at any time: the current one and an abandoned one that has not ended yet.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function createSharedRun<T>(
  work: (signals: RunSignals) => Promise<T>,
  options: SharedRunOptions,
): SharedRun<T> {
  assertSharedRunOptions(options);
  return new SharedRunner(work, options);
}

function assertSharedRunOptions(options: unknown): void {
  const { clock, ttlMs, timeoutMs, abandonAfterMs } = toObject(options);
  const isClock = hasMethods("wallMs", "monotonicMs", "after");
  assertValid([
    ...validateNames("createSharedRun", options, ["clock", "ttlMs", "timeoutMs", "abandonAfterMs"]),
    ...validate(["clock"], clock ?? null, isClock, "a Clock, such as systemClock"),
    ...validateNumber("ttlMs", ttlMs, { max: Number.MAX_SAFE_INTEGER, isRequired: true }),
    ...validateNumber("timeoutMs", timeoutMs, { max: maxTimerMs, isRequired: true }),
    ...validateNumber("abandonAfterMs", abandonAfterMs, { max: Number.MAX_SAFE_INTEGER }),
  ]);
}

class SharedRunner<T> implements SharedRun<T> {
  readonly #work: (signals: RunSignals) => Promise<T>;
  readonly #options: SharedRunOptions;
  readonly #abandonAfterMs: number;
  #latest: FinishedRun<T> | null = null;
  #current: Run<T> | null = null;
  #abandoned: Run<T> | null = null;
  #closed = false;

  constructor(work: (signals: RunSignals) => Promise<T>, options: SharedRunOptions) {
    this.#work = work;
    this.#options = options;
    this.#abandonAfterMs = options.abandonAfterMs ?? 10_000;
  }

  get(nowMs: number = this.#options.clock.monotonicMs()): Awaitable<SharedResult<T>> {
    if (this.#closed) return this.#closedResult();
    const latest = this.#latest;
    if (latest !== null && nowMs - latest.endedAtMonotonicMs < this.#options.ttlMs)
      return latest.cachedResult;
    return this.#stillRunning(nowMs) ?? this.#join(nowMs);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#current?.finish({ state: "failed", error: new Error("closed") });
    this.#current?.abandon();
    this.#abandoned?.abandon();
  }

  /** Reports a run that outlived its time-out; null if there is none, or once it has been abandoned for a new one. */
  #stillRunning(nowMs: number): SharedResult<T> | null {
    const current = this.#current;
    const timedOut = current?.timedOut;
    if (current === null || timedOut === undefined) return null;
    const ageMs = nowMs - current.startedAtMonotonicMs;
    if (ageMs < this.#abandonAfterMs || this.#abandoned !== null) {
      return {
        run: { state: "still_running" },
        cached: true,
        endedAtMs: timedOut.endedAtMs,
        durationMs: ageMs,
      };
    }
    this.#abandoned = current;
    this.#current = null;
    current.abandon();
    return null;
  }

  async #join(arrivedAtMs: number): Promise<SharedResult<T>> {
    this.#current ??= this.#start();
    const finished = await this.#current.ended;
    return finished.endedAtMonotonicMs < arrivedAtMs ? finished.cachedResult : finished.result;
  }

  #start(): Run<T> {
    const current = new Run<T>(this.#options.clock, this.#options.timeoutMs);
    // Before the work starts: work that requests its own result must find this run instead of starting another.
    this.#current = current;
    void current.ended.then((finished) => {
      this.#latest = finished;
    });
    void current.begin(this.#work).then(() => {
      if (this.#current === current) this.#current = null;
      if (this.#abandoned === current) this.#abandoned = null;
    });
    return current;
  }

  #closedResult(): SharedResult<T> {
    const run = { state: "failed", error: new Error("closed") } as const;
    return { run, cached: false, endedAtMs: this.#options.clock.wallMs(), durationMs: 0 };
  }
}

/** One run's end, in the two forms in which callers see it. */
interface FinishedRun<T> {
  readonly endedAtMs: number;
  readonly endedAtMonotonicMs: number;
  readonly result: SharedResult<T>;
  readonly cachedResult: SharedResult<T>;
}

/** One run, from its start to its end or time-out, whichever comes first. */
class Run<T> {
  readonly startedAtMonotonicMs: number;
  readonly ended: Promise<FinishedRun<T>>;
  finished: FinishedRun<T> | undefined;
  readonly #clock: Clock;
  readonly #timeout = new AbortController();
  readonly #abandoned = new AbortController();
  readonly #cancelTimeout: () => void;
  #resolve: (finished: FinishedRun<T>) => void = () => undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.startedAtMonotonicMs = clock.monotonicMs();
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const onTimeout = (): void => {
      this.finish({ state: "timed_out" });
      this.#timeout.abort(new DOMException(`timeout after ${timeoutMs} ms`, "TimeoutError"));
    };
    // A run starts because a caller waits for it.
    this.#cancelTimeout = clock.after(timeoutMs, onTimeout, { keepsProcessAlive: true });
  }

  /** Resolves when the work itself has ended, however late. */
  async begin(work: (signals: RunSignals) => Promise<T>): Promise<void> {
    try {
      const value = await work({ signal: this.#timeout.signal, abandoned: this.#abandoned.signal });
      this.finish({ state: "done", value });
    } catch (error) {
      this.finish({ state: "failed", error });
    }
  }

  finish(run: RunState<T>): void {
    if (this.finished !== undefined) return;
    this.#cancelTimeout();
    const endedAtMs = this.#clock.wallMs();
    const endedAtMonotonicMs = this.#clock.monotonicMs();
    const seen = {
      run: Object.freeze(run),
      endedAtMs,
      durationMs: endedAtMonotonicMs - this.startedAtMonotonicMs,
    };
    this.finished = {
      endedAtMs,
      endedAtMonotonicMs,
      result: Object.freeze({ ...seen, cached: false }),
      cachedResult: Object.freeze({ ...seen, cached: true }),
    };
    this.#resolve(this.finished);
  }

  /** Its end if that was a time-out; any other end means that it does not hang. */
  get timedOut(): FinishedRun<T> | undefined {
    return this.finished?.result.run.state === "timed_out" ? this.finished : undefined;
  }

  abandon(): void {
    this.#timeout.abort();
    this.#abandoned.abort();
  }
}
