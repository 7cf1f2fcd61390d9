/** Why there is no answer, in the terms of the page. */
export type ProblemKind =
  /** Nothing answers: the worker is down, or the network is. */
  | "offline"
  /** A key is needed, or the key was wrong. */
  | "unauthorized"
  /** The key, or this transport, does not permit it. */
  | "forbidden"
  /** This worker has no such operation, or offers it not over HTTP. */
  | "unavailable"
  /** It answered that it failed. */
  | "failed";

/** A call that was not answered with a result. */
export interface Problem {
  readonly kind: ProblemKind;
  /** In words, with what to do where the worker says so. */
  readonly message: string;
  /** The code of the error, or null. */
  readonly code: string | null;
}

/** A result, or why there is none. */
export type Outcome<T> =
  { readonly ok: true; readonly result: T } | { readonly ok: false; readonly problem: Problem };

export const offline: Problem = {
  kind: "offline",
  message: "The worker does not answer.",
  code: null,
};

const unavailableCodes = new Set([
  "service_not_installed",
  "endpoint_not_found",
  "method_not_allowed",
]);

/** What an answer that is not 2xx means. @param body - the parsed body, or null. */
export function problemOf(status: number, body: unknown): Problem {
  const { error, message } = fieldsOf(body);
  const code = typeof error === "string" ? error : null;
  return {
    kind: kindOf(status, code),
    message: typeof message === "string" ? message : `The worker answered with status ${status}.`,
    code,
  };
}

function kindOf(status: number, code: string | null): ProblemKind {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (code !== null && unavailableCodes.has(code)) return "unavailable";
  if (status === 501 || (status === 404 && code === null)) return "unavailable";
  // What stands between the page and a worker that is away.
  if (code === null && status >= 502 && status <= 504) return "offline";
  return "failed";
}

function fieldsOf(body: unknown): { readonly error?: unknown; readonly message?: unknown } {
  return typeof body === "object" && body !== null ? body : {};
}
