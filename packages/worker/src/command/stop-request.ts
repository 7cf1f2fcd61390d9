import { onStopSignals } from "./signals.js";

/** The wish that the worker stops, from the first line of the command on: it may come before there is a worker. */
export interface StopRequest {
  /** The signal that has come; null before one has. */
  received(): string | null;
  /** Resolves with the signal that comes first. */
  readonly signal: Promise<string>;
  /** Whether a second one ended the process without waiting. */
  isCutShort(): boolean;
  /** Stops listening. */
  close(): void;
}

/** Listens for SIGTERM, SIGINT and SIGHUP. A second signal ends the process at once, with exit code 1. */
export function createStopRequest(): StopRequest {
  let received: string | null = null;
  let isCutShort = false;
  let resolve: (signal: string) => void = () => undefined;
  const signal = new Promise<string>((settle) => (resolve = settle));
  const signals = onStopSignals(
    (first) => {
      received = first;
      resolve(first);
    },
    () => {
      isCutShort = true;
      process.exit(1);
    },
  );
  return Object.freeze({
    received: () => received,
    signal,
    isCutShort: () => isCutShort,
    close: () => signals.close(),
  });
}

/** What a step of the start gives; null where the wish to stop came first, or comes first. */
export async function orNullWhenStopped<T>(stop: StopRequest, step: Promise<T>): Promise<T | null> {
  // What it throws after that is nobody's to hear: the process ends.
  step.catch(() => undefined);
  if (stop.received() !== null) return null;
  return Promise.race([step, stop.signal.then(() => null)]);
}
