import { maxTimerMs } from "./clock.js";
import { assertValid } from "./options/option-messages.js";
import {
  isFunction,
  toObject,
  validate,
  validateNames,
  validateNumber,
} from "./options/validate-by-hand.js";

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
  /** The next result of `next()`. */
  peek(): number;
  /** Milliseconds to wait now. The delay after this one is twice as long, up to the longest. */
  next(): number;
  /** Call after a success: starts again with the first delay. */
  reset(): void;
}

/**
 * Makes delays that double from the first to the longest.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 * @example
 * const backoff = createBackoff({ firstMs: 100, maxMs: 5_000, jitter: 0.2 });
 * while (!(await connect())) await sleep(backoff.next());
 */
export function createBackoff(options: BackoffOptions): Backoff {
  assertBackoffOptions(options);
  const { firstMs, maxMs, jitter = 0, random = Math.random } = options;
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

function assertBackoffOptions(options: unknown): void {
  const { firstMs, maxMs, jitter, random } = toObject(options);
  assertValid([
    ...validateNames("createBackoff", options, ["firstMs", "maxMs", "jitter", "random"]),
    ...validateNumber("firstMs", firstMs, { max: maxTimerMs, isRequired: true }),
    ...validateNumber("maxMs", maxMs, { max: maxTimerMs, isRequired: true }),
    ...validateNumber("jitter", jitter, { max: 1 }),
    ...validate(["random"], random, isFunction, "a function: () => number from 0 to 1"),
  ]);
}
