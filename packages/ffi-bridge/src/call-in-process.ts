import { type AccessPolicy, inProcess, invoke } from "@tasker-observability/core";
import type { CompleteOperations } from "./complete-operations.js";
import type { OperationName } from "./operation-table.js";

/** Calls an operation by name. Never throws synchronously; rejects with ObservabilityError and nothing else. */
export type CallOperation = (name: OperationName, params?: unknown) => Promise<unknown>;

/** Calls operations of this process, to the full. */
export function createInProcessCall(
  operations: CompleteOperations,
  policy?: AccessPolicy,
): CallOperation {
  return (name, params) => invoke(operations[name], asGiven(params), inProcess, undefined, policy);
}

/** `invoke` asks a function for the params; one that a caller gave in their place is a wrong value like any other. */
export function asGiven(params: unknown): unknown {
  return typeof params === "function" ? () => params : params;
}
