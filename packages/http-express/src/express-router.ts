import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operations } from "@tasker-observability/core";
import { Dispatcher } from "./dispatcher.js";
import type { HttpOptions } from "./http-options.js";
import type { Exchange, Reply } from "./reply.js";

/** Fits `app.use` of Express 4 and 5, and of whatever else calls middleware with Node's own request and response. */
export type ObservabilityRouter = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * The endpoints as Express middleware, for any mount path: `request.url` is read relative to it, and nothing else is.
 * A path it does not know goes to `next()`.
 *
 * @throws ObservabilityError INVALID_PARAMS with all that is wrong with the options; half-configured authentication is.
 * @example
 * app.use("/internal/obs", createObservabilityRouter(health.operations));
 */
export function createObservabilityRouter(operations: Operations, options: HttpOptions = {}): ObservabilityRouter {
  const dispatcher = new Dispatcher(operations, options, sendByProperties);
  return (request, response, next) => {
    if (!dispatcher.dispatch(request, response)) next();
  };
}

/** Header by header, as middleware that watches or rewrites responses expects it. */
function sendByProperties({ request, response }: Exchange, { status, headers, body }: Reply): void {
  // Somebody else's middleware may have answered meanwhile, for one with a time-out of its own.
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  for (let index = 0; index < headers.length; index += 2) response.setHeader(headers[index] ?? "", headers[index + 1] ?? "");
  response.end(request.method === "HEAD" ? undefined : body);
}
