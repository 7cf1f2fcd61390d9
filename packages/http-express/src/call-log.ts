import type { IncomingMessage } from "node:http";
import {
  createAccessLog,
  errorCodes,
  type ObservabilityError,
  type Operations,
} from "@tasker-observability/core";
import { anonymous, wrongKey } from "./api-keys.js";
import type { Target } from "./endpoints.js";
import type { ResolvedHttpOptions } from "./http-options.js";
import type { Exchange } from "./reply.js";

/** Logs calls over HTTP that are refused, and those that write. */
export interface CallLog {
  /** @param result - the status of the answer, or why there is none. */
  record(exchange: Exchange, target: Target, result: number | ObservabilityError): void;
}

/** @param operations - the lines go to the logger of their worker. */
export function createCallLog(
  operations: Operations,
  { authenticator, clock }: Pick<ResolvedHttpOptions, "authenticator" | "clock">,
): CallLog {
  const log = createAccessLog(operations, clock);
  const nameOf = (request: IncomingMessage): string => {
    const caller = authenticator?.callerOf(request) ?? anonymous;
    return caller === wrongKey ? "wrong key" : (caller.name ?? "no key");
  };
  return Object.freeze({
    record({ request, requestId }: Exchange, target: Target, result: number | ObservabilityError) {
      const isStatus = typeof result === "number";
      const status = isStatus ? result : errorCodes[result.code].httpStatus;
      log.record({
        transport: "http",
        get caller() {
          return nameOf(request);
        },
        operation: target.operation,
        failure: isStatus ? null : result,
        requestId,
        remoteAddress: addressOf(request),
        fields: { method: request.method, path: target.path, status },
      });
    },
  });
}

/** An IPv4 address as such, also on a socket that takes both kinds. */
function addressOf({ socket }: IncomingMessage): string | undefined {
  return socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/, "");
}
