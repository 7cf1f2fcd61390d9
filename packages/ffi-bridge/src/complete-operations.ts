import {
  ObservabilityError,
  type Operation,
  type Operations,
  silentLogger,
  systemClock,
} from "@tasker-observability/core";
import { type OperationName, operationNames, operationTable } from "./operation-table.js";

/** All operations by name: the given ones, and in place of the others one that says which service is missing. */
export type CompleteOperations = Readonly<Record<OperationName, Operation>>;

export function completeOperations(operations: Operations): CompleteOperations {
  const entries = operationNames.map(
    (name) => [name, given(operations, name) ?? createMissingOperation(name)] as const,
  );
  return Object.freeze(Object.fromEntries(entries)) as CompleteOperations;
}

function given(operations: Operations, name: OperationName): Operation | undefined {
  return Object.hasOwn(operations, name) ? operations[name] : undefined;
}

/**
 * It goes the way of all operations, so that the policy judges it like any other.
 * Its schemas are never consulted: it takes no params and has no result.
 */
function createMissingOperation(name: OperationName): Operation {
  const missing = {
    ...operationTable[name],
    name,
    params: { shape: {}, safeParse: () => ({ success: true, data: {} }) },
    result: {},
    mediaTypes: ["application/json"],
    context: { lifecycle: { current: () => "running" }, logger: silentLogger, clock: systemClock },
    async run() {
      throw new ObservabilityError(
        "SERVICE_NOT_INSTALLED",
        `Web state not available: this worker was assembled without the service for ${name}.`,
      );
    },
  };
  return missing as unknown as Operation;
}
