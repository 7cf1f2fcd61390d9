import { KnownSecrets } from "./known-secrets.js";
import { MASK } from "./finding.js";
import { isError } from "./read-value.js";
import { redactValue } from "./redact-value.js";

/** An error as plain data, for a log. Further fields of the error are left out: they can hold rows and hosts. */
export interface RedactedError {
  readonly name: string;
  readonly code: string | number | null;
  readonly message: string;
  readonly stack?: string;
  /** A RedactedError, or what else was given as the cause, redacted. */
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Makes data of anything thrown; cycles among causes end where they begin. Never throws. */
export function redactError(error: unknown, secrets: readonly string[]): RedactedError {
  try {
    const { value } = redactValue(
      typeof error === "object" && error !== null && isError(error) ? error : notAnError(error),
      new KnownSecrets(secrets),
      { root: "", cut: true },
    );
    const { name, code, message, ...rest } = value as Readonly<Record<string, unknown>>;
    return Object.freeze({
      name: textOf(name, "Error"),
      code: codeOf(code),
      message: textOf(message, ""),
      ...rest,
    });
  } catch {
    return Object.freeze({ name: "Error", code: null, message: MASK });
  }
}

/** Anything can be thrown; an object goes where a cause would. */
function notAnError(thrown: unknown): object {
  const wrapped = new Error(
    typeof thrown === "string" ? thrown : "Something that is no Error was thrown.",
  );
  if (typeof thrown !== "string") wrapped.cause = thrown;
  wrapped.name = typeof thrown;
  delete wrapped.stack;
  return wrapped;
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function codeOf(value: unknown): string | number | null {
  return typeof value === "string" || typeof value === "number" ? value : null;
}
