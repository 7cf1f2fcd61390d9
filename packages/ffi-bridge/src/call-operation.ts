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
  const byName = new Map(Object.entries(operations));
  return (name, params) => {
    const operation = byName.get(name);
    // Not an async function: another promise would be a good part of what a short answer costs.
    return operation === undefined
      ? Promise.reject(unknownOperation())
      : invoke(operation, asGiven(params), inProcess, undefined, policy);
  };
}

/** Null for a name that no operation has. */
export function findOperation(operations: Operations, name: string): Operation | null {
  return Object.hasOwn(operations, name) ? (operations[name] ?? null) : null;
}

/** The refusal of a name that no operation has. */
export function unknownOperation(): ObservabilityError {
  return new ObservabilityError("ENDPOINT_NOT_FOUND", "This worker has no such method.");
}

/** `invoke` asks a function for the params; one that a caller gave in their place is a wrong value like any other. */
export function asGiven(params: unknown): unknown {
  return typeof params === "function" ? () => params : params;
}
