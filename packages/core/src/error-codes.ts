/** How the transports report an error. */
export interface ErrorFacts {
  readonly httpStatus: number;
  /** The `code` of JSON-RPC; `data.error` has the error code in lower case. */
  readonly rpcCode: number;
}

const serverError = -32000;

/**
 * Every way in which an operation can fail; a closed list, so that callers can switch over it.
 *
 * Each comment says when it happens and, in its second paragraph, what to do: `docs/errors.md` shows both.
 */
export const errorCodes = {
  /**
   * The worker has not started, has stopped, or is not in this process.
   *
   * Start the worker, or ask again once it runs.
   */
  WORKER_NOT_RUNNING: { httpStatus: 503, rpcCode: serverError },

  /**
   * The worker runs without the service that answers this operation.
   *
   * Pass that service when you assemble the worker.
   */
  SERVICE_NOT_INSTALLED: { httpStatus: 404, rpcCode: serverError },

  /**
   * No template has this namespace, name and version, or its file or row cannot be read as a template.
   *
   * List the templates with `templates_list`; validate with `template_validate`.
   */
  TEMPLATE_NOT_FOUND: { httpStatus: 404, rpcCode: serverError },

  /**
   * The worker does not serve this namespace.
   *
   * Ask a worker that serves it; `templates_list` shows what this one serves.
   */
  NAMESPACE_NOT_SUPPORTED: { httpStatus: 404, rpcCode: serverError },

  /**
   * The folder or database of the templates failed, or did not answer in time.
   *
   * Try again; the worker's log has the reason.
   */
  TEMPLATE_SOURCE_UNAVAILABLE: { httpStatus: 503, rpcCode: serverError },

  /**
   * The worker's database failed, or did not answer in time.
   *
   * Try again; `health_detailed` says what is wrong with it.
   */
  DATABASE_UNAVAILABLE: { httpStatus: 503, rpcCode: serverError },

  /**
   * Params or options are unknown, missing, or have a wrong value.
   *
   * Correct what the message lists; it names every problem at once.
   */
  INVALID_PARAMS: { httpStatus: 400, rpcCode: -32602 },

  /**
   * This transport does not offer operations that change the template cache.
   *
   * Offer writes on that transport; `docs/configuration.md` has a worker's keys.
   */
  CACHE_OPERATIONS_DISABLED: { httpStatus: 403, rpcCode: serverError },

  /**
   * The operation needs an API key, and the caller sent none or a wrong one.
   *
   * Send a valid key in the configured header.
   */
  UNAUTHORIZED: { httpStatus: 401, rpcCode: serverError },

  /**
   * The API key lacks the right that the operation needs, the request came from another site or named another host, or the transport offers no writes.
   *
   * Use a key with that right, enable writes, or allow the host.
   */
  FORBIDDEN: { httpStatus: 403, rpcCode: serverError },

  /**
   * No operation has this path or name, or this transport does not offer it.
   *
   * Check the spelling, and whether the worker's configuration switches the endpoint off.
   */
  ENDPOINT_NOT_FOUND: { httpStatus: 404, rpcCode: -32601 },

  /**
   * The endpoint exists, but not for this HTTP method.
   *
   * Use a method of the answer's `Allow` header.
   */
  METHOD_NOT_ALLOWED: { httpStatus: 405, rpcCode: serverError },

  /**
   * An HTTP request has a body, or a frame of the socket is too large.
   *
   * Send HTTP requests without a body, and smaller frames.
   */
  PAYLOAD_TOO_LARGE: { httpStatus: 413, rpcCode: serverError },

  /**
   * The answer took longer than the caller waits.
   *
   * Try again, or wait longer; `health_detailed` shows what is slow.
   */
  TIMEOUT: { httpStatus: 504, rpcCode: serverError },

  /**
   * Anything else failed, or the socket refused the call.
   *
   * Read the worker's log; the message has no details because they may contain secrets.
   */
  INTERNAL: { httpStatus: 500, rpcCode: serverError },
} as const satisfies Readonly<Record<string, ErrorFacts>>;

/** A key of `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes;

/** Whether a text from elsewhere is an error code. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
