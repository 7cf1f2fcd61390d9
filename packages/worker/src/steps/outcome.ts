import type { DeadLetterNotes } from "./dead-letter.js";
import type { GivenBack } from "./step-message.js";

/** What is to become of a message. */
export type Outcome = WritableOutcome | { readonly kind: "none" };

/** An outcome that is written to the database. `none` is not: the message is somebody else's now. */
export type WritableOutcome =
  | { readonly kind: "archive" }
  /** `hasRun` false: the handler was never called, and the attempt is given back. */
  | { readonly kind: "retry"; readonly delayMs: number; readonly hasRun: boolean }
  /** This worker cannot run it: others may, after a while. `mark` is what its message is to carry; null leaves it as it is. */
  | { readonly kind: "give_back"; readonly delayMs: number; readonly mark: GivenBack | null }
  | { readonly kind: "dead_letter"; readonly notes: DeadLetterNotes };

/** How an outcome is written: a step that is given back is a retry that has not run. */
export type OutcomeKind = Exclude<WritableOutcome["kind"], "give_back">;
