import { type ErrorCode, errorCodes } from "@tasker-observability/core";

export type RpcId = string | number | null;

/** One request; without an id it is a notification, which gets no answer. */
export interface RpcRequest {
  readonly id: RpcId | undefined;
  readonly method: string;
  readonly params: unknown;
}

/** Why a frame or call is rejected. `error` is an ErrorCode in lower case, or the name of a protocol error. */
export interface RpcRejection {
  readonly code: number;
  readonly error: string;
  readonly message: string;
}

const longestId = 128;

/** A request, or why it is invalid, with its id if that could be read. */
export type ReadRequest =
  { readonly request: RpcRequest } | { readonly id: RpcId; readonly rejection: RpcRejection };

/** Requests in a batch. Each may need an answer, and so does an entry that is not a request. */
const longestBatch = 64;

/** Reads one frame: a request or a batch. */
export function readFrame(frame: string): ReadRequest | { readonly batch: readonly ReadRequest[] } {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return {
      id: null,
      rejection: {
        code: -32700,
        error: "parse_error",
        message: "The frame is not JSON: send one object or batch per line.",
      },
    };
  }
  if (!Array.isArray(value)) return readRequest(value);
  if (value.length === 0 || value.length > longestBatch)
    return invalid(
      null,
      `A batch must contain 1 to ${longestBatch} requests: send the others in separate frames.`,
    );
  return { batch: value.map(readRequest) };
}

function readRequest(value: unknown): ReadRequest {
  if (typeof value !== "object" || value === null)
    return invalid(null, "A request must be an object.");
  const { jsonrpc, id, method, params } = value as Readonly<Record<string, unknown>>;
  if (!isId(id))
    return invalid(
      null,
      `An id must be a string of at most ${longestId} characters, a whole number up to 2^53 - 1, or a fraction.`,
    );
  if (jsonrpc !== "2.0") return invalid(id ?? null, 'A request must have jsonrpc: "2.0".');
  if (typeof method !== "string") return invalid(id ?? null, "A request must name its method.");
  return { request: { id, method, params } };
}

function isId(id: unknown): id is RpcId | undefined {
  return (
    id === undefined ||
    id === null ||
    comesBackAsItWas(id) ||
    (typeof id === "string" && id.length <= longestId)
  );
}

/**
 * JSON.parse rounds large whole numbers, which would come back changed. Fractions stay the same for every reader of
 * doubles.
 */
function comesBackAsItWas(id: unknown): boolean {
  return Number.isSafeInteger(id) || (Number.isFinite(id) && !Number.isInteger(id));
}

function invalid(id: RpcId, message: string): ReadRequest {
  return { id, rejection: { code: -32600, error: "invalid_request", message } };
}

/** An operation's error as a JSON-RPC error. */
export function toRejection(code: ErrorCode, message: string): RpcRejection {
  return { code: errorCodes[code].rpcCode, error: code.toLowerCase(), message };
}

/** @param result - JSON text. */
export function encodeResult(id: RpcId, result: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}\n`;
}

/** What every error contains besides its name. */
export interface ErrorContext {
  readonly timestamp: string;
  readonly requestId: string;
}

export function encodeError(
  id: RpcId,
  { code, error, message }: RpcRejection,
  { timestamp, requestId }: ErrorContext,
): string {
  return `${JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data: { error, timestamp, request_id: requestId } } })}\n`;
}

/** @param dropped - how many events of the subscription were lost so far. */
export function encodeEvent(subscription: number, dropped: number, event: unknown): string {
  return `${JSON.stringify({ jsonrpc: "2.0", method: "event", params: { subscription, dropped, event } })}\n`;
}
