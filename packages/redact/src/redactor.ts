import { createClassMarker } from "./class-marker.js";
import { beginningOf, markCut } from "./cut-text.js";
import { findSecrets, secretsIn } from "./detect/find-secrets.js";
import { MASK, maskFindings } from "./detect/finding.js";
import { KnownSecrets } from "./known-secrets.js";
import { isError } from "./read-value.js";
import { assertRedactorOptions, type RedactorOptions } from "./redactor-options.js";
import { redactValue, type Redacted } from "./redact-value.js";

const marker = createClassMarker<RedactionError>("RedactionError");

/** A value could not be redacted. The message contains no part of it, and there is no cause, which might. */
export class RedactionError extends Error {
  override readonly name = "RedactionError";

  constructor() {
    super("The answer could not be redacted, so it is withheld.");
    marker.mark(this);
  }

  /** True for a RedactionError of this or any other loaded copy of the package. Never throws. */
  static isInstance(value: unknown): value is RedactionError {
    return marker.isOn(value);
  }
}

/** Options of one redaction. */
export interface RedactOptions {
  /** The beginning of every path. @default empty */
  readonly root?: string | undefined;
  /**
   * Fields that a schema declares safe, by full path: the keys on their path do not count as sensitive.
   * A text that itself looks like a secret is still masked. @default none
   */
  readonly safe?: ((path: string) => boolean) | undefined;
  /** Whether to cut long texts, as `text` and `error` do, and to omit values nested more than 20 deep: for log lines. @default false */
  readonly cut?: boolean | undefined;
}

/**
 * Masks secrets in data, texts and errors. Texts and errors are cut after 65 536 characters or 20 causes, with a
 * note.
 */
export interface Redactor {
  /** @throws {@link RedactionError} without any of the data, if redaction fails. */
  readonly redact: (value: unknown, options?: RedactOptions) => Redacted;
  /** Masks secrets in a message or log line. Never throws: a text that cannot be redacted becomes the mask. */
  readonly text: (message: string) => string;
  /** Turns anything thrown, with its causes and aggregated errors, into data. Never throws. */
  readonly error: (error: unknown) => RedactedError;
}

/**
 * Makes a redactor: one policy for configurations, templates and messages. It remembers nothing between calls.
 *
 * @throws TypeError that lists every wrong option.
 * @example
 * createRedactor().redact({ api_key: "k-123", url: "redis://:pw@h" }, { root: "worker" });
 * // { value: { api_key: "***REDACTED***", url: "redis://***REDACTED***@h" }, redacted_fields: ["worker.api_key", "worker.url"] }
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  assertRedactorOptions(options);
  const given = options.secrets ?? [];
  const secrets = [...given, ...given.flatMap(secretsIn)];
  const known = new KnownSecrets(secrets);
  return Object.freeze({
    redact(value: unknown, { root = "", safe, cut }: RedactOptions = {}): Redacted {
      try {
        return redactValue(value, new KnownSecrets(secrets), { root, safe, cut });
      } catch {
        // The original error may quote the data, so it is dropped.
        throw new RedactionError();
      }
    },
    text: (message: string): string =>
      markCut(message, redactText(beginningOf(message), known, secrets)),
    error: (error: unknown): RedactedError => redactError(error, secrets),
  });
}

/** @param known - the prepared `secrets`: most messages contain no others. */
function redactText(message: string, known: KnownSecrets, secrets: readonly string[]): string {
  try {
    const findings = findSecrets(message);
    if (findings.length === 0) return known.mask(message);
    const all = new KnownSecrets([...secrets, ...findings.flatMap((finding) => finding.secrets)]);
    return all.mask(maskFindings(message, findings));
  } catch {
    return MASK;
  }
}

/** An error as plain data, for a log. Further fields of the error are omitted: they can contain rows and hosts. */
export interface RedactedError {
  readonly name: string;
  readonly code: string | number | null;
  readonly message: string;
  readonly stack?: string;
  /** A RedactedError, or another value that was given as the cause, redacted. */
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Turns anything thrown into data, and cuts cycles among causes. Never throws. */
function redactError(error: unknown, secrets: readonly string[]): RedactedError {
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

/** Anything can be thrown; an object becomes the cause. */
function notAnError(thrown: unknown): object {
  const wrapped = new Error(
    typeof thrown === "string" ? thrown : "A value that is not an Error was thrown.",
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
