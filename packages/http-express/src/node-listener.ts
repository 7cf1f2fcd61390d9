import type { IncomingMessage, ServerResponse } from "node:http";
import type { OperationSource } from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import * as z from "zod";
import { Dispatcher } from "./dispatcher.js";
import { GuardedServer, type ListenAddress, serverLimitsSchema } from "./guarded-server.js";
import { HostCheck } from "./host-check.js";
import { withAccessRules } from "./http-access.js";
import { httpOptionsShape } from "./http-options.js";
import { type ListenOptions, listenOptionsSchema } from "./listen-options.js";
import { type Reply, send } from "./reply.js";
import { maxWaitingAnswers } from "./wrong-key-delay.js";

export const listenerOptionsSchema = withAccessRules(
  z.strictObject({ ...httpOptionsShape, ...serverLimitsSchema.shape }),
);
/** Options of {@link createObservabilityListener}. */
export type ListenerOptions = z.input<typeof listenerOptionsSchema>;

/** The endpoints on a port of their own. */
export interface ObservabilityListener {
  /** For your own `node:http` server. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /**
   * Opens the port.
   * @throws ObservabilityError INVALID_PARAMS that lists all problems of the options; the port stays closed then.
   * @throws Error if the port is taken or not permitted, or if the listener was already opened.
   */
  listen(options: ListenOptions): Promise<ListenAddress>;
  /** Accepts no more connections, lets running requests finish, and resolves when everything is closed. Idempotent. */
  close(): Promise<void>;
}

/**
 * The endpoints as a bare `node:http` listener; an unknown path is answered 404.
 *
 * @param operations - operations by name, your own too, and services by any name.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option, including incomplete authentication.
 * @example
 * const listener = createObservabilityListener({ health, metrics });
 * const { url } = await listener.listen({ port: 8081 });
 */
export function createObservabilityListener(
  operations: OperationSource,
  options: ListenerOptions = {},
): ObservabilityListener {
  const resolved = parseOptions("createObservabilityListener", listenerOptionsSchema, options);
  let isClosing = false;
  const hosts = new HostCheck(resolved.allowedHosts);
  const dispatcher = new Dispatcher(operations, resolved, {
    hosts,
    // A connection that waits cannot make room for a new one.
    maxWaiting: Math.min(maxWaitingAnswers, Math.ceil(resolved.maxConnections / 4)),
    send(exchange, reply) {
      send(exchange, isClosing ? asLastOnConnection(reply) : reply);
      // Most clients have received their whole answer by now.
      const { socket } = exchange.response;
      if (socket !== null && socket.writableLength > 0) server.answered(exchange.response);
    },
  });
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    if (!dispatcher.dispatch(request, response)) dispatcher.rejectUnknown(request, response);
  };
  const server = new GuardedServer(handler, resolved);
  return Object.freeze({
    handler,
    async listen(where: ListenOptions) {
      const { host, port } = parseOptions("listen", listenOptionsSchema, where);
      const address = await server.listen(host, port);
      // No request has been read yet: promises settle before the next I/O.
      if (server.ipAddress !== null) hosts.bind(host, server.ipAddress);
      return address;
    },
    close() {
      isClosing = true;
      return server.close();
    },
  });
}

function asLastOnConnection(reply: Reply): Reply {
  return { ...reply, headers: [...reply.headers, "Connection", "close"] };
}
