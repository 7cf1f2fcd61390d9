/** Signals that stop a worker. A closed terminal sends SIGHUP. */
const stopSignals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Milliseconds. npm and the terminal both forward a signal: a second one within this time is a duplicate. */
const duplicateWithinMs = 500;

export interface StopSignals {
  /** Whether a signal has arrived. */
  received(): boolean;
  /** Stops listening. */
  close(): void;
}

/** Calls `stop` at the first signal, and `exitNow` at a later one that is not a duplicate. */
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
    } else if (nowMs - firstAtMs > duplicateWithinMs) exitNow(signal);
  };
  for (const signal of stopSignals) process.on(signal, listener);
  return {
    received: () => firstAtMs !== undefined,
    close() {
      for (const signal of stopSignals) process.removeListener(signal, listener);
    },
  };
}
