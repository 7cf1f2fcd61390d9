import type { Clock, Logger } from "@tasker-observability/core";
import { overdueAfterMs } from "../claiming/slots.js";

/** Tells, in the log, of handlers that run on though their step is over: each keeps a slot until it ends. */
export interface OverrunningHandlers {
  /** A step is over and its handler is not. @returns what to call when the handler ends. */
  watch(fields: Readonly<Record<string, unknown>>): () => void;
  /** Tells of no more of them. */
  close(): void;
}

export function createOverrunningHandlers({
  clock,
  logger,
}: {
  readonly clock: Clock;
  readonly logger: Logger;
}): OverrunningHandlers {
  const pending = new Set<() => void>();
  return Object.freeze({
    watch(fields: Readonly<Record<string, unknown>>) {
      const sinceMs = clock.monotonicMs();
      let isReported = false;
      const cancel = clock.after(overdueAfterMs, () => {
        pending.delete(cancel);
        isReported = true;
        logger(
          "warn",
          "a handler runs on though its signal was aborted, and keeps its slot",
          fields,
        );
      });
      pending.add(cancel);
      return () => {
        cancel();
        pending.delete(cancel);
        if (isReported)
          logger(
            "warn",
            "a handler that ran on after its signal was aborted has ended, and its slot is free",
            { ...fields, late_ms: Math.round(clock.monotonicMs() - sinceMs) },
          );
      };
    },
    close() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  });
}
