import { type Clock, systemClock } from "./clock.js";

/** How long to wait, and what ends the wait early. */
export interface DeadlineOptions {
  /** Milliseconds until the deadline. @default Infinity: only `signal` ends the wait */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait early, with its reason. @default never */
  readonly signal?: AbortSignal | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Whether the deadline keeps the process alive. @default false */
  readonly keepsProcessAlive?: boolean | undefined;
}

/** How a wait ends at its deadline. */
export interface GiveUpOptions<Fallback> extends DeadlineOptions {
  /**
   * Makes the result of work that missed the deadline; its errors are thrown.
   * @param reason - a `DOMException` named `TimeoutError`, or the signal's reason. @default throws the reason
   */
  readonly onGiveUp?: ((reason: unknown) => Fallback) | undefined;
}

/** Running work, or a function that starts it and obeys the signal. */
export type Work<T> = Promise<T> | ((signal: AbortSignal) => Promise<T>);

/**
 * Waits for work until a deadline, even if the work ignores its signal. The signal aborts
 * at the deadline; later results and errors are ignored.
 *
 * `AbortSignal.any` would not work: a time-out inside it can be garbage-collected, and then never aborts.
 *
 * @throws a `DOMException` named `TimeoutError`, the signal's reason, or what the work rejects with.
 * @example
 * const response = await withDeadline((signal) => fetch(url, { signal }), { timeoutMs: 5_000 });
 */
export async function withDeadline<T, Fallback = never>(
  work: Work<T>,
  options: GiveUpOptions<Fallback>,
): Promise<T | Fallback> {
  const { onGiveUp = rethrow } = options;
  const controller = typeof work === "function" ? new AbortController() : undefined;
  let stop = (): void => undefined;
  const givenUp = new Promise<GivenUp>((resolve) => {
    stop = startDeadline(options, (reason) => {
      // Settled before the work is aborted, so that the reason counts and not the work's own error.
      resolve(new GivenUp(reason));
      controller?.abort(reason);
    });
  });
  try {
    const waits: Promise<T | GivenUp>[] = [givenUp];
    if (typeof work !== "function") waits.push(work);
    else if (controller?.signal.aborted === false) waits.push(work(controller.signal));
    const outcome = await Promise.race(waits);
    return outcome instanceof GivenUp ? onGiveUp(outcome.reason) : outcome;
  } finally {
    stop();
  }
}

/**
 * Runs work with a signal that aborts at a deadline, and waits until the work has ended. It is for work that obeys its
 * signal and uses something exclusive, such as a connection. The result or error is the work's own. `restart` starts
 * the time-out again.
 *
 * @throws the signal's reason if it has aborted already, and what the work rejects with.
 */
export async function abortAfter<T>(
  work: (signal: AbortSignal, restart: (timeoutMs: number) => void) => Promise<T>,
  options: DeadlineOptions,
): Promise<T> {
  options.signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (reason: unknown): void => controller.abort(reason);
  let stop = startDeadline(options, abort);
  const restart = (timeoutMs: number): void => {
    stop();
    stop = startDeadline({ ...options, timeoutMs }, abort);
  };
  try {
    return await work(controller.signal, restart);
  } finally {
    stop();
  }
}

/** Waits for a time. @returns early, without an error, if the signal aborts. */
export async function sleep(
  ms: number,
  options: Omit<DeadlineOptions, "timeoutMs"> = {},
): Promise<void> {
  const never = new Promise<never>(() => undefined);
  await withDeadline(never, { ...options, timeoutMs: ms, onGiveUp: () => undefined });
}

class GivenUp {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

function rethrow(reason: unknown): never {
  throw reason;
}

/** Calls `onEnd` at the deadline or when the signal aborts; a second call changes nothing. @returns a function that cancels it. */
function startDeadline(
  { timeoutMs = Number.POSITIVE_INFINITY, signal, clock, keepsProcessAlive }: DeadlineOptions,
  onEnd: (reason: unknown) => void,
): () => void {
  const onAbort = (): void => onEnd(signal?.reason);
  if (signal?.aborted === true) {
    onAbort();
    return () => undefined;
  }
  signal?.addEventListener("abort", onAbort, { once: true });
  const cancelTimer =
    timeoutMs === Number.POSITIVE_INFINITY
      ? undefined
      : (clock ?? systemClock).after(timeoutMs, () => onEnd(timeoutError(timeoutMs)), {
          keepsProcessAlive,
        });
  return () => {
    cancelTimer?.();
    signal?.removeEventListener("abort", onAbort);
  };
}

function timeoutError(timeoutMs: number): DOMException {
  return new DOMException(`No answer within ${timeoutMs} ms.`, "TimeoutError");
}
