import { ObservabilityError } from "@tasker-observability/core";

/** A request's target, taken apart and not decoded. */
export interface RequestTarget {
  readonly path: string;
  /** What follows the question mark; empty where nothing does. */
  readonly query: string;
}

/** Takes a request line's target apart: origin form, or the absolute form that proxies send. */
export function parseRequestTarget(target: string): RequestTarget {
  const local = target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?#]*/i, "");
  const mark = local.indexOf("?");
  return mark === -1
    ? { path: local, query: "" }
    : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/**
 * Undoes percent-encoding; null where the text is not valid percent-encoded UTF-8.
 * Bytes beyond ASCII must come encoded: Node hands raw ones over as Latin-1, which is nobody's intent.
 */
export function decodePercent(text: string): string | null {
  if (!/^[\x20-\x7e]*$/.test(text)) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The refusal of params that never reached the operation's schema, worded as the schema's own refusal is. */
export function invalidParams(
  operationName: string,
  problems: readonly string[],
): ObservabilityError {
  return new ObservabilityError(
    "INVALID_PARAMS",
    `${operationName} refused its params: ${problems.join("; ")}`,
  );
}
