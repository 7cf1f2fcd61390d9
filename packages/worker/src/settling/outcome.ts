import type { DeadLetterMetadata } from "./dead-letter.js";
import type { EventRow } from "./event-row.js";
import type { FirstRelease } from "../queues/step-message.js";

/** An event that is published with its outcome, never before the outcome is written. */
export interface OutcomeEvent {
  /** What is written in the outcome's transaction; null where the event is for subscribers in memory alone. */
  readonly durable: EventRow | null;
  /** The outcome is written, and the event's durable part with it. */
  onWritten(): void;
  /** The outcome is written without the event's durable part, which the database can never store. */
  onRejected(error: unknown): void;
}

/** What happens to a message. */
export type Outcome = WritableOutcome | { readonly kind: "claim_lost" };

/** An outcome that is written to the database. A worker that has lost its claim may not write one. */
export type WritableOutcome = { readonly events?: readonly OutcomeEvent[] } & (
  | { readonly kind: "completed" }
  /** `hasRun` false: the handler was never called, and the attempt does not count. */
  | { readonly kind: "retried"; readonly delayMs: number; readonly hasRun: boolean }
  /** This worker cannot run it: others may, after a while. `firstRelease` is added to its message; null leaves the message as it is. */
  | {
      readonly kind: "released";
      readonly delayMs: number;
      readonly firstRelease: FirstRelease | null;
    }
  | { readonly kind: "dead_lettered"; readonly metadata: DeadLetterMetadata }
);

/** How an outcome is written: a released step is written as a retry. */
export type WrittenOutcomeKind = Exclude<WritableOutcome["kind"], "released">;
