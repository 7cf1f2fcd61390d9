import type { Clock, Heartbeat } from "@tasker-observability/core";

export interface BeatOptions {
  readonly heartbeat: Heartbeat;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Milliseconds after which it beats no longer, though the work goes on. */
  readonly timeoutMs: number;
}

/** Lets the heart beat while work is under way. */
export async function withHeartbeat<T>(
  work: Promise<T>,
  { heartbeat, clock, everyMs, timeoutMs }: BeatOptions,
): Promise<T> {
  const untilMs = clock.monotonicMs() + timeoutMs;
  let cancel: () => void = () => undefined;
  const beat = (): void => {
    if (clock.monotonicMs() > untilMs) return;
    heartbeat.beat();
    cancel = clock.after(everyMs, beat);
  };
  beat();
  try {
    return await work;
  } finally {
    cancel();
  }
}
