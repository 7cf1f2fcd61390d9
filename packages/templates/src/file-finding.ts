import { formatPath } from "@tasker-observability/core/redact";
import type { FindingCode } from "./problem.js";
import type { LocatedProblem } from "./sources/template-file.js";

/** A problem of a template file, with its place. */
export interface FileFinding {
  readonly severity: "error" | "warning";
  readonly code: FindingCode;
  /** The file, as the patterns found it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Path in the template: `steps[2].retry.max_attempts`; empty for the file or the template as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it; null where the message says it. */
  readonly hint: string | null;
}

/** Joins a problem with its file. */
export function toFileFinding(file: string, { problem, position }: LocatedProblem): FileFinding {
  const { severity, code, message, hint } = problem;
  return Object.freeze({ severity, code, file, ...position, path: formatPath(problem.path), message, hint });
}
