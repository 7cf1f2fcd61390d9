import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

const fit = /^[\w.:-]{1,128}$/;

/**
 * The application's id of the request, from the response header or `request.id`; else the caller's; else
 * a new one. An id that is not safe to log and to echo is ignored.
 */
export function requestIdOf(
  request: IncomingMessage,
  response: ServerResponse,
  makeRequestId: ((request: IncomingMessage) => string) | undefined,
): string {
  return (
    toRequestId(response.getHeader("x-request-id")) ??
    toRequestId((request as { readonly id?: unknown }).id) ??
    toRequestId(request.headers["x-request-id"]) ??
    (makeRequestId === undefined ? randomUUID() : makeRequestId(request))
  );
}

/** Ids may be numbers: loggers such as pino-http count requests. */
function toRequestId(id: unknown): string | undefined {
  if (typeof id !== "string" && typeof id !== "number") return undefined;
  const text = String(id);
  return fit.test(text) ? text : undefined;
}
