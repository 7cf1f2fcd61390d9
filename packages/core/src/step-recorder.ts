/** How one attempt at a step ended; errors are the last two. */
export type StepOutcome = "completed" | "retried" | "failed";

/** Why a worker gave a step back: it lacks the template, the step or the handler, or cannot read its templates now. */
export type ReleaseReason =
  | "template_not_found"
  | "step_not_in_template"
  | "handler_not_registered"
  | "template_source_unavailable";

/** Records one step of a template, or the steps of one namespace. Resolve it once; recording allocates nothing and never throws. */
export interface StepRecorder {
  /** A handler starts. @param waitMs - milliseconds between the message becoming visible and its handler starting. */
  started(waitMs: number): void;
  /** An attempt has ended. @param durationMs - milliseconds that the attempt took. */
  finished(outcome: StepOutcome, durationMs: number): void;
  /** The step goes back to its queue without having started: no attempt, and no error. */
  released(reason: ReleaseReason): void;
}

/** Receives every record: metrics attach here. */
export interface StepSink {
  /** The recorder of this step, or of steps whose template and name are not known. Called once for each. */
  recorder(namespace: string, template?: string, step?: string): StepRecorder;
}
