import type { ReleaseReason } from "@tasker-observability/core";

/** A step that cannot be run: its template, step or handler is not known here. Another worker, or a later release, may know it. */
export class StepNotRunnableError extends Error {
  override readonly name = "StepNotRunnableError";
  readonly code: ReleaseReason;

  constructor(code: ReleaseReason, message: string) {
    super(message);
    this.code = code;
  }
}
