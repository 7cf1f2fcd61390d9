import type { IncomingMessage, ServerResponse } from "node:http";
import type { OperationSource } from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import { Dispatcher } from "./dispatcher.js";
import { type HttpOptions, httpOptionsSchema } from "./http-options.js";
import { HostCheck } from "./host-check.js";
import type { MountedRequest } from "./openapi-endpoint.js";
import { send } from "./reply.js";
import { maxWaitingAnswers } from "./wrong-key-delay.js";

/** Middleware for `app.use` of Express 4 and 5, and of other frameworks that pass Node's own request and response. */
export type ObservabilityRouter = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * The endpoints as Express middleware, for any mount path: only `request.url` is read, relative to it.
 * An unknown path goes to `next()`.
 *
 * @param operations - operations by name, your own too, and services by any name.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option, including incomplete authentication.
 * @example
 * app.use("/internal/obs", createObservabilityRouter({ health, metrics, orders_backlog }));
 */
export function createObservabilityRouter(
  operations: OperationSource,
  options: HttpOptions = {},
): ObservabilityRouter {
  const resolved = parseOptions("createObservabilityRouter", httpOptionsSchema, options);
  const dispatcher = new Dispatcher(operations, resolved, {
    send,
    hosts: new HostCheck(resolved.allowedHosts),
    maxWaiting: maxWaitingAnswers,
  });
  return (request, response, next) => {
    const leavesHome = resolved.dashboard === undefined && isHomeOfApplication(request);
    if (leavesHome || !dispatcher.dispatch(request, response)) next();
  };
}

/** Whether a router that is mounted at `/` is asked for the application's own first page. */
function isHomeOfApplication({ url = "", originalUrl }: MountedRequest): boolean {
  return /^\/(?:\?|$)/.test(url) && (originalUrl === undefined || originalUrl === url);
}
