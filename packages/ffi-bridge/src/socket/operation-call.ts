import {
  type AccessPolicy,
  answer,
  type Answer,
  type Caller,
  type Operations,
} from "@tasker-observability/core";
import { findOperation, unknownOperation } from "../call-operation.js";

const socketCaller: Caller = Object.freeze({ transport: "socket", rights: null });

/** The operations of a connection, and how long a call may take. */
export interface OperationParts {
  readonly operations: Operations;
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
  if (operation === null) throw unknownOperation();
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

/** A JSON body unchanged, text as a JSON string. */
function toJson({ body, mediaType }: Answer): string {
  return mediaType === "application/json" ? body : JSON.stringify(body);
}
