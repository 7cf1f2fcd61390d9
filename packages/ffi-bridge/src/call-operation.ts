import {
  type AccessPolicy,
  inProcess,
  invoke,
  ObservabilityError,
  type Operation,
  type Operations,
} from "@tasker-observability/core";

/** Calls an operation by name. Never throws synchronously; rejects with ObservabilityError and nothing else. */
export type CallOperation = (name: string, params?: unknown) => Promise<unknown>;

/** Calls operations of this process, to the full. */
export function createInProcessCall(operations: Operations, policy?: AccessPolicy): CallOperation {
  return async (name, params) =>
    invoke(findOperation(operations, name), asGiven(params), inProcess, undefined, policy);
}

/** @throws ObservabilityError ENDPOINT_NOT_FOUND for a name that no operation has. */
export function findOperation(operations: Operations, name: string): Operation {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation !== undefined) return operation;
  throw new ObservabilityError("ENDPOINT_NOT_FOUND", "This worker has no such method.");
}

/** `invoke` asks a function for the params; one that a caller gave in their place is a wrong value like any other. */
export function asGiven(params: unknown): unknown {
  return typeof params === "function" ? () => params : params;
}
