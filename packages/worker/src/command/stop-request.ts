import { createDeferred } from "../bootstrap/deferred.js";
import { onStopSignals } from "./signals.js";

/** A request to stop, from the first line of the command on: it may arrive before there is a worker. */
export interface StopRequest {
  /** The signal that arrived first; null before that. */
  received(): string | null;
  /** Resolves with the first signal. */
  readonly signal: Promise<string>;
  /** Whether a second signal ended the process without a drain. */
  isForced(): boolean;
  /** Stops listening. */
  close(): void;
}

/** Listens for SIGTERM, SIGINT and SIGHUP. A second signal ends the process immediately, with exit code 1. */
export function createStopRequest(): StopRequest {
  let received: string | null = null;
  let isForced = false;
  const { promise: signal, resolve } = createDeferred<string>();
  const close = onStopSignals(
    (first) => {
      received = first;
      resolve(first);
    },
    () => {
      isForced = true;
      process.exit(1);
    },
  );
  return Object.freeze({
    received: () => received,
    signal,
    isForced: () => isForced,
    close,
  });
}

/** The result of a step of the start; null if the request to stop arrives first. */
export async function orNullWhenStopped<T>(stop: StopRequest, step: Promise<T>): Promise<T | null> {
  // The process is ending: later errors do not matter.
  step.catch(() => undefined);
  if (stop.received() !== null) return null;
  return Promise.race([step, stop.signal.then(() => null)]);
}
