import type { PathSegment } from "@tasker-observability/redact";

/** A problem found by a rule; the loader adds file and variable. */
export interface Finding {
  readonly path: readonly PathSegment[];
  readonly message: string;
}
