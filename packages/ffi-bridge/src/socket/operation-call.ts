import {
  type AccessPolicy,
  answer,
  type Answer,
  type Caller,
  ObservabilityError,
  type Operation,
} from "@tasker-observability/core";
import type { CompleteOperations } from "../complete-operations.js";

const socketCaller: Caller = Object.freeze({ transport: "socket", rights: null });

/** What a connection may call, and for how long. */
export interface OperationParts {
  readonly operations: CompleteOperations;
  readonly policy: AccessPolicy;
  readonly requestTimeoutMs: number;
}

/** The answer as JSON. @throws ObservabilityError */
export async function callOperation(
  parts: OperationParts,
  { method, params }: { readonly method: string; readonly params: unknown },
  signal: AbortSignal,
): Promise<string> {
  const operation = findOperation(parts.operations, method);
  if (operation === undefined)
    throw new ObservabilityError("ENDPOINT_NOT_FOUND", "This worker has no such method.");
  return toJson(
    await answer(
      operation,
      params ?? undefined,
      socketCaller,
      { budgetMs: parts.requestTimeoutMs, signal },
      parts.policy,
    ),
  );
}

export function findOperation(
  operations: CompleteOperations,
  method: string,
): Operation | undefined {
  return Object.hasOwn(operations, method)
    ? operations[method as keyof CompleteOperations]
    : undefined;
}

/** The body as it is where it is JSON; a text as a JSON text. */
function toJson({ body, mediaType }: Answer): string {
  return mediaType === "application/json" ? body : JSON.stringify(body);
}
