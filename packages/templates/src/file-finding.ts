import { createRedactor, formatPath } from "@tasker-observability/redact";
import type { FindingCode } from "./problem.js";
import { contentOf, type LocatedProblem, type TemplateFile } from "./sources/template-file.js";

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
  /** What to do about it; null if the message says it. */
  readonly hint: string | null;
}

const redactor = createRedactor();

/**
 * Joins problems with their file. Redacted together with the whole file, so that no message or path can repeat one of
 * its secrets.
 */
export function toFileFindings(
  file: TemplateFile,
  problems: readonly LocatedProblem[],
): readonly FileFinding[] {
  if (problems.length === 0) return [];
  // Texts first, so that a message loses only the secret.
  const texts = problems.map(({ problem: { path, message, hint } }) => ({
    path,
    message: redactor.text(message),
    hint: hint === null ? null : redactor.text(hint),
  }));
  const redacted = redactor.redact({ content: contentOf(file), texts }).value as {
    readonly texts: typeof texts;
  };
  return problems.flatMap(({ problem: { severity, code }, position }, index) => {
    const text = redacted.texts[index];
    return text === undefined
      ? []
      : [
          Object.freeze({
            severity,
            code,
            file: file.path,
            ...position,
            ...text,
            path: formatPath(text.path),
          }),
        ];
  });
}
