import type { Clock, Logger } from "@tasker-observability/core";
import { overdueAfterMs } from "../claiming/slots.js";

/** Logs handlers that run on after their step has ended: each keeps a slot until it ends. */
export interface OverrunningHandlers {
  /** Watches a handler that has outlived its step. @returns a function to call when the handler ends. */
  watch(fields: Readonly<Record<string, unknown>>): () => void;
  /** Logs nothing more. */
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
      const abortedAtMs = clock.monotonicMs();
      let isReported = false;
      const cancel = clock.after(overdueAfterMs, () => {
        pending.delete(cancel);
        isReported = true;
        logger(
          "warn",
          "a handler is still running although its signal was aborted, and keeps its slot",
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
            "a handler that kept running after its signal was aborted has ended: its slot is free",
            { ...fields, late_ms: Math.round(clock.monotonicMs() - abortedAtMs) },
          );
      };
    },
    close() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  });
}
