import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

const fit = /^[\w.:-]{1,128}$/;

/**
 * The id that the application gave the request, as its response header or as `request.id`; else the caller's own; else
 * a new one. One that is not fit to be logged and echoed is passed over.
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

/** Loggers such as pino-http count requests: their ids are numbers. */
function toRequestId(id: unknown): string | undefined {
  if (typeof id !== "string" && typeof id !== "number") return undefined;
  const text = String(id);
  return fit.test(text) ? text : undefined;
}
