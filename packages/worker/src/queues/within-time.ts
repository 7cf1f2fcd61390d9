import type { Clock } from "@tasker-observability/core";

export interface WithinTimeOptions {
  readonly clock: Clock;
  /** Milliseconds after which the signal aborts, with a `TimeoutError`. */
  readonly limitMs: number;
  /** Aborts it sooner, with its own reason. */
  readonly closing: AbortSignal;
}

/**
 * Runs `use` with a signal that aborts when the time is up or when `closing` aborts, and leaves nothing behind when it is over.
 * `restart` gives it another limit, from then on.
 * `AbortSignal.any` would not do: a time-out inside of it is garbage-collected, and then never aborts.
 */
export async function withinTime<T>(
  { clock, limitMs, closing }: WithinTimeOptions,
  use: (signal: AbortSignal, restart: (limitMs: number) => void) => Promise<T>,
): Promise<T> {
  closing.throwIfAborted();
  const controller = new AbortController();
  const arm = (ms: number): (() => void) =>
    clock.after(ms, () =>
      controller.abort(new DOMException(`No answer within ${ms} ms.`, "TimeoutError")),
    );
  let cancel = arm(limitMs);
  const restart = (ms: number): void => {
    cancel();
    cancel = arm(ms);
  };
  const close = (): void => controller.abort(closing.reason);
  closing.addEventListener("abort", close);
  try {
    return await use(controller.signal, restart);
  } finally {
    cancel();
    closing.removeEventListener("abort", close);
  }
}
