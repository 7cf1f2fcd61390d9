import { createClassMarker, RedactionError } from "@tasker-observability/redact";
import type { ErrorCode } from "./error-codes.js";

/** What an answer may contain of another library's error: its class and its code, never its message. */
export interface SafeCause {
  readonly name: string;
  readonly code: string | null;
}

const marker = createClassMarker<ObservabilityError>("ObservabilityError");

/**
 * The one error that operations reject with, on every transport. `docs/errors.md` lists its codes.
 *
 * `message` says what failed and what to do; it contains no host, user, SQL or path.
 * `cause` is a copy of the original's name and code only: the original goes to the logger.
 *
 * @example
 * try { await observability.templateGet({ namespace, name, version }); }
 * catch (error) { if (ObservabilityError.isInstance(error) && error.code === "TEMPLATE_NOT_FOUND") … }
 */
export class ObservabilityError extends Error {
  override readonly name = "ObservabilityError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(
      message,
      options?.cause === undefined ? undefined : { cause: toSafeCause(options.cause) },
    );
    this.code = code;
    marker.mark(this);
  }

  /** True for an ObservabilityError of this or any other loaded copy of the package. Never throws. */
  static isInstance(value: unknown): value is ObservabilityError {
    return marker.isOn(value);
  }

  /** Passes an ObservabilityError through; anything else becomes INTERNAL, without its message. */
  static from(value: unknown): ObservabilityError {
    return toObservabilityError(value);
  }
}

// Outside of its class, because esbuild renames a class that names itself, and Node prints the class's name for an
// uncaught error.
function toObservabilityError(value: unknown): ObservabilityError {
  if (marker.isOn(value)) return value;
  if (RedactionError.isInstance(value)) return new ObservabilityError("INTERNAL", value.message);
  return new ObservabilityError(
    "INTERNAL",
    "The operation failed; the worker's log has the reason.",
    { cause: value },
  );
}

/** Reads the name and code of anything thrown, hostile getters included. Never throws. */
export function toSafeCause(value: unknown): SafeCause {
  return {
    name: identifierOf(value, "name") ?? (value === null ? "null" : typeof value),
    code: identifierOf(value, "code"),
  };
}

// Names and codes are identifiers (ECONNREFUSED, 28P01); anything else could be a message in disguise.
function identifierOf(value: unknown, key: "name" | "code"): string | null {
  try {
    const word: unknown =
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : null;
    return typeof word === "string" && /^[A-Za-z_][\w.]{0,63}$|^[0-9A-Z]{5}$/.test(word)
      ? word
      : null;
  } catch {
    return null;
  }
}
