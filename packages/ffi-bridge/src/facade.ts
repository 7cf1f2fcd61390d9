import {
  withPlaceholders,
  notRunning,
  type Operation,
  type Operations,
  toOperations,
} from "@tasker-observability/core";
import { functionOption, parseOptions, policyOption } from "@tasker-observability/core/options";
import * as z from "zod";
import { createInProcessCall } from "./call-operation.js";
import { createFacadeMethods } from "./facade-methods.js";
import type { FacadeBase, ObservabilityMethods } from "./observability-methods.js";
import { operationsOption } from "./option-types.js";

/** The whole facade: all methods, and the members that every facade of this process has. */
export interface ObservabilityFacade extends ObservabilityMethods, FacadeBase {}

const facadePartsSchema = z.strictObject({
  /** Operations by name, your own too, and services: `{ health, metrics }`. */
  operations: operationsOption,
  /** What may be called. @default everything is allowed in process */
  policy: z.optional(policyOption),
  /** Closes what belongs to the facade. @default nothing does */
  close: z.optional(functionOption<() => void>("() => void")),
});
/** The parts of a facade. */
export type FacadeParts = z.input<typeof facadePartsSchema>;

/**
 * A facade over existing operations, such as a worker's. A method whose operation is missing rejects
 * with SERVICE_NOT_INSTALLED.
 *
 * @example
 * bindObservability(createFacade({ operations: worker.operations }));
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every mistake in the parts.
 */
export function createFacade(parts: FacadeParts): ObservabilityFacade {
  const { policy, close, ...parsed } = parseOptions("createFacade", facadePartsSchema, parts);
  const operations = toOperations(parsed.operations);
  const callOpen = createInProcessCall(withPlaceholders(operations), policy);
  let closed = false;
  const methods = createFacadeMethods((name, params) =>
    closed ? Promise.reject(notRunning()) : callOpen(name, params),
  );
  const facade = {
    ...methods,
    operations: endOnClose(operations, () => closed),
    async close() {
      if (closed) return;
      closed = true;
      close?.();
    },
  };
  return Object.freeze(
    Object.defineProperty(facade, "toJSON", {
      value: () => ({ services: servicesOf(operations) }),
    }),
  );
}

/** What a log shows of a facade, since the operations contain large schemas. */
function servicesOf(operations: Operations): readonly string[] {
  return [...new Set(Object.values(operations).map(({ group }) => group))];
}

/** The operations for other transports, which reject with WORKER_NOT_RUNNING too once the facade is closed. */
function endOnClose(operations: Operations, isClosed: () => boolean): Operations {
  const entries = Object.entries(operations).map(([name, operation]): [string, Operation] => {
    const { logger, clock, lifecycle } = operation.context;
    const current = (): ReturnType<typeof lifecycle.current> =>
      isClosed() ? "stopped" : lifecycle.current();
    return [
      name,
      Object.freeze({
        ...operation,
        context: Object.freeze({ logger, clock, lifecycle: { current } }),
      }),
    ];
  });
  return Object.freeze(Object.fromEntries(entries));
}
