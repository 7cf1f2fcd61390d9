import type { PathSegment } from "@tasker-observability/redact";

/** Every kind of problem that a template can have; closed, so that tools can switch over it. */
export const findingCodes = [
  "alias_conflict",
  "bad_event_name",
  "bad_name",
  "bad_namespace",
  "bad_version",
  "batch_worker_without_batchable",
  "decision_without_dependencies",
  "decision_without_outcomes",
  "dependency_cycle",
  "duplicate_dependency",
  "duplicate_event",
  "duplicate_key",
  "duplicate_step_name",
  "duplicate_template",
  "empty_file",
  "file_too_large",
  "fixed_override_key",
  "inexact_number",
  "invalid_batch_config",
  "invalid_event_schema",
  "invalid_input_schema",
  "invalid_override",
  "invalid_result_schema",
  "invalid_shape",
  "missing_step_name",
  "more_problems",
  "no_steps",
  "not_a_template",
  "not_json",
  "proto_key",
  "read_as_text",
  "refused_by_tasker",
  "reserved_namespace",
  "reserved_step_name",
  "retry_out_of_bounds",
  "secret_in_name",
  "timeout_out_of_bounds",
  "too_deep",
  "unknown_dependency",
  "unknown_handler",
  "unknown_override_step",
  "unreachable_step",
  "unreadable_file",
  "unsupported_namespace",
  "yaml_alias",
  "yaml_key",
  "yaml_syntax",
  "yaml_tag",
] as const;

/** The kind of a problem, one of `findingCodes`. */
export type FindingCode = (typeof findingCodes)[number];

/** A place in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem of a template, as reported by the part that found it. */
export interface Problem {
  /** An `error` keeps the template from being used; a `warning` does not. */
  readonly severity: "error" | "warning";
  readonly code: FindingCode;
  /** Keys and indices from the template's root; empty for the template as a whole. */
  readonly path: readonly PathSegment[];
  /** What is wrong, as a sentence. It never contains a value that could be a secret. */
  readonly message: string;
  /** What to do about it, as a sentence; null if the message says it already. */
  readonly hint: string | null;
  /** The place in the file, for problems of the file itself; null if the path says it. */
  readonly position: Position | null;
}

/** The fields of a problem; all except code and message have a default. */
export interface ProblemParts {
  /** @default "error" */
  readonly severity?: Problem["severity"] | undefined;
  readonly code: FindingCode;
  /** @default [] */
  readonly path?: readonly PathSegment[] | undefined;
  readonly message: string;
  /** @default null */
  readonly hint?: string | undefined;
  /** @default null */
  readonly position?: Position | null | undefined;
}

/** Fills in the defaults. */
export function toProblem(parts: ProblemParts): Problem {
  return Object.freeze({
    severity: parts.severity ?? "error",
    code: parts.code,
    path: Object.freeze([...(parts.path ?? [])]),
    message: parts.message,
    hint: parts.hint ?? null,
    position: parts.position ?? null,
  });
}

/** Whether any of them makes the template unusable. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

/**
 * The `problems` whose path has no equally severe one among `others`. So each fault is reported once, by the more
 * specific problem, and no warning hides an error.
 */
export function withoutPlacesOf(
  others: readonly Problem[],
  problems: readonly Problem[],
): readonly Problem[] {
  const places = new Set(others.map(placeOf));
  const errors = new Set(others.filter(({ severity }) => severity === "error").map(placeOf));
  return problems.filter(
    (problem) => !(problem.severity === "error" ? errors : places).has(placeOf(problem)),
  );
}

function placeOf({ path }: Problem): string {
  return JSON.stringify(path);
}
