/** How the delays grow. */
export interface BackoffOptions {
  /** The first delay, milliseconds; each later one is twice the one before. */
  readonly firstMs: number;
  /** The longest delay, milliseconds. */
  readonly maxMs: number;
  /**
   * How much of a delay is random, from 0 (none) to 1: with 0.2, a delay of 100 ms lasts 80 to 100 ms. Keeps many clients of a lost
   * server from reconnecting at the same instant. @default 0
   */
  readonly jitter?: number | undefined;
  /** From 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Delays between consecutive failed attempts. */
export interface Backoff {
  /** What `next()` will return. */
  peek(): number;
  /** Milliseconds to wait now. The delay after this one is twice as long, up to the longest. */
  next(): number;
  /** An attempt succeeded: begins with the first delay again. */
  reset(): void;
}

/**
 * Makes delays that double from the first to the longest.
 * @example
 * const backoff = createBackoff({ firstMs: 100, maxMs: 5_000, jitter: 0.2 });
 * while (!(await connect())) await sleep(backoff.next());
 */
export function createBackoff({
  firstMs,
  maxMs,
  jitter = 0,
  random = Math.random,
}: BackoffOptions): Backoff {
  let fullMs = firstMs;
  const draw = (): number => Math.round(fullMs * (1 - jitter * random()));
  let delayMs = draw();
  const become = (ms: number): void => {
    fullMs = ms;
    delayMs = draw();
  };
  return Object.freeze({
    peek: () => delayMs,
    next() {
      const nowMs = delayMs;
      become(Math.min(fullMs * 2, maxMs));
      return nowMs;
    },
    reset: () => become(firstMs),
  });
}
