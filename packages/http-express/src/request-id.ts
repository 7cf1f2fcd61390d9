import type { IncomingMessage } from "node:http";

/** The caller's own id where it is fit to be logged and echoed, else a new one. */
export function requestIdOf(request: IncomingMessage, makeRequestId: () => string): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : makeRequestId();
}
