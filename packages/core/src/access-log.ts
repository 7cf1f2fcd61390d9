import { isWrite, type Transport } from "./access-policy.js";
import { createRateLimitedLog } from "./rate-limited-log.js";
import type { Clock } from "./clock.js";
import { errorCodes } from "./error-codes.js";
import type { ObservabilityError } from "./errors.js";
import { silentLogger } from "./logger.js";
import type { Operation, Operations } from "./operation.js";
import { createSafeLogger } from "./safe-logger.js";

/** An answered call. */
export interface AnsweredCall {
  readonly transport: Transport;
  /** The name of the caller's key, "no key" or "wrong key". Read only if the call is logged: a getter may look it up. */
  readonly caller: string;
  readonly operation: Pick<Operation, "name" | "access">;
  /** The error code of the answer; null if the operation answered. */
  readonly failure: Pick<ObservabilityError, "code" | "message"> | null;
  readonly requestId?: string | undefined;
  /** The address of the caller, without its port. */
  readonly remoteAddress?: string | undefined;
  /** Further fields to log: no secret, query or body. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** Logs refused calls, and calls of operations that write. Never a key, a query or a body. */
export interface AccessLog {
  /**
   * Logs the call if it was refused or writes. Refused calls with one cause and caller share one line a minute, with
   * a count.
   */
  record(call: AnsweredCall): void;
}

/** The error codes that keep a caller out. */
const refusals: ReadonlySet<number> = new Set([401, 403]);

/** The access log of one transport. @param operations - the lines go to the logger of their worker. */
export function createAccessLog(operations: Operations, clock: Clock): AccessLog {
  const logger = createSafeLogger(Object.values(operations)[0]?.context.logger ?? silentLogger);
  const logRefusal = createRateLimitedLog({ clock, logger });
  return Object.freeze({
    record(call: AnsweredCall): void {
      const { failure, transport, remoteAddress = transport } = call;
      if (failure !== null && refusals.has(errorCodes[failure.code].httpStatus))
        logRefusal(JSON.stringify([failure.message, call.caller, remoteAddress]), {
          level: "warn",
          message: "call refused",
          fields: { ...fieldsOf(call), reason: failure.message },
        });
      else if (isWrite(call.operation)) logger("info", "write operation called", fieldsOf(call));
    },
  });
}

function fieldsOf(call: AnsweredCall): Record<string, unknown> {
  return {
    caller: call.caller,
    transport: call.transport,
    operation: call.operation.name,
    ...call.fields,
    error: call.failure?.code.toLowerCase() ?? null,
    ...(call.remoteAddress === undefined ? {} : { remote_address: call.remoteAddress }),
    ...(call.requestId === undefined ? {} : { request_id: call.requestId }),
  };
}
