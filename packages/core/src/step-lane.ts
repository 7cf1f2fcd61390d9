/** How one attempt at a step ended; errors are the last two. */
export type StepOutcome = "completed" | "retried" | "failed";

/** Records the steps of one namespace. Resolve it once; recording allocates nothing and never throws. */
export interface StepLane {
  /** @param waitMs - milliseconds between the message becoming visible and its handler starting. */
  started(waitMs: number): void;
  /** @param durationMs - milliseconds that the attempt took. */
  finished(outcome: StepOutcome, durationMs: number): void;
}

/** Something else that wants every record: metrics attach here. */
export interface StepSink {
  lane(namespace: string): StepLane;
}
