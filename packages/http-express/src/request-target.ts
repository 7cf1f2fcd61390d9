import { ObservabilityError } from "@tasker-observability/core";

/** A parsed request target, not decoded. */
export interface RequestTarget {
  readonly path: string;
  /** The text after the question mark, or empty. */
  readonly query: string;
}

/** Parses a request target in origin form, or in the absolute form that proxies send. */
export function parseRequestTarget(target: string): RequestTarget {
  const local = target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?#]*/i, "");
  const mark = local.indexOf("?");
  return mark === -1
    ? { path: local, query: "" }
    : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/**
 * Decodes percent-encoding; null if the text is not valid percent-encoded UTF-8.
 * Bytes beyond ASCII must be encoded: Node would decode raw ones as Latin-1.
 */
export function decodePercent(text: string): string | null {
  if (!/^[\x20-\x7e]*$/.test(text)) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The error for params that did not reach the operation's schema, worded as the schema's own. */
export function invalidParams(
  operationName: string,
  problems: readonly string[],
): ObservabilityError {
  return new ObservabilityError(
    "INVALID_PARAMS",
    `${operationName} rejected its params: ${problems.join("; ")}`,
  );
}
