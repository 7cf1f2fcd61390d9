/** Faults that only a restart cures, as background watchdogs report them. The live probe reads them without I/O. */
export interface Liveness {
  /** The reasons why this worker is dead, joined by `, `; null while it is alive. */
  deadReason(): string | null;
  /** Sets why `source` considers the worker dead; null withdraws it. */
  report(source: string, reason: string | null): void;
}

/** A worker that is alive until a report. */
export function createLiveness(): Liveness {
  const reasons = new Map<string, string>();
  return Object.freeze({
    deadReason: () => (reasons.size === 0 ? null : [...new Set(reasons.values())].join(", ")),
    report(source: string, reason: string | null) {
      if (reason === null) reasons.delete(source);
      else reasons.set(source, reason);
    },
  });
}
