import {
  type AccessPolicy,
  inProcess,
  invoke,
  ObservabilityError,
  type Operation,
  type Operations,
} from "@tasker-observability/core";

/** Calls an operation by name. Never throws synchronously; rejects only with ObservabilityError. */
export type CallOperation = (name: string, params?: unknown) => Promise<unknown>;

/** Calls operations of this process, with all rights. */
export function createInProcessCall(operations: Operations, policy?: AccessPolicy): CallOperation {
  const byName = new Map(Object.entries(operations));
  return (name, params) => {
    const operation = byName.get(name);
    // Not an async function: another promise would be much of the cost of a short answer.
    return operation === undefined
      ? Promise.reject(unknownOperation())
      : invoke(operation, toParamsValue(params), inProcess, undefined, policy);
  };
}

/** @returns null if no operation has that name. */
export function findOperation(operations: Operations, name: string): Operation | null {
  return Object.hasOwn(operations, name) ? (operations[name] ?? null) : null;
}

/** The error for a name that no operation has. */
export function unknownOperation(): ObservabilityError {
  return new ObservabilityError("ENDPOINT_NOT_FOUND", "This worker has no such method.");
}

/** `invoke` calls a function to get the params. So a function that a caller passes as params is rejected here. */
export function toParamsValue(params: unknown): unknown {
  return typeof params === "function" ? () => params : params;
}
