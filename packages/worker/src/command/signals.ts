/** Signals that ask a worker to stop. SIGHUP comes from a terminal that is closed. */
const stopSignals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** npm and a terminal each pass a signal on: what follows within this time is the same wish, not a second one. */
const sameWishMs = 500;

export interface StopSignals {
  /** Whether one has come. */
  received(): boolean;
  /** Stops listening. */
  close(): void;
}

/** Calls `stop` at the first signal, and `exitNow` at one that comes later: a drain can be cut short, but not by an echo. */
export function onStopSignals(
  stop: (signal: string) => void,
  exitNow: (signal: string) => void,
): StopSignals {
  let firstAtMs: number | undefined;
  const listener = (signal: string): void => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      stop(signal);
    } else if (nowMs - firstAtMs > sameWishMs) exitNow(signal);
  };
  for (const signal of stopSignals) process.on(signal, listener);
  return {
    received: () => firstAtMs !== undefined,
    close() {
      for (const signal of stopSignals) process.removeListener(signal, listener);
    },
  };
}
