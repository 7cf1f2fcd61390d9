/** Signals that stop a worker. A closed terminal sends SIGHUP. */
const stopSignals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Milliseconds. npm and the terminal both forward a signal: a second one within this time is a duplicate. */
const duplicateWithinMs = 500;

/**
 * Calls `stop` at the first signal, and `exitNow` at a later one that is not a duplicate.
 * @returns a function that stops listening.
 */
export function onStopSignals(
  stop: (signal: string) => void,
  exitNow: (signal: string) => void,
): () => void {
  let firstAtMs: number | undefined;
  const listener = (signal: string): void => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      stop(signal);
    } else if (nowMs - firstAtMs > duplicateWithinMs) exitNow(signal);
  };
  for (const signal of stopSignals) process.on(signal, listener);
  return () => {
    for (const signal of stopSignals) process.removeListener(signal, listener);
  };
}
