import { isErrorCode, ObservabilityError } from "@tasker-observability/core";

/** A message from a server. */
export type RpcMessage =
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "error"; readonly id: number | null; readonly error: ObservabilityError }
  | {
      readonly kind: "event";
      readonly subscription: number;
      readonly dropped: number;
      readonly event: unknown;
    };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a frame; null if this client does not know its kind. */
export function readMessage(frame: string): RpcMessage | null {
  const message = parse(frame);
  if (message === null) return null;
  const { id, method } = message;
  if (method === "event") return readEvent(message.params);
  if (isFields(message.error))
    return { kind: "error", id: typeof id === "number" ? id : null, error: toError(message.error) };
  return typeof id === "number" && "result" in message
    ? { kind: "result", id, result: message.result }
    : null;
}

function readEvent(params: unknown): RpcMessage | null {
  if (!isFields(params) || typeof params.subscription !== "number") return null;
  const { subscription, dropped, event } = params;
  return { kind: "event", subscription, dropped: typeof dropped === "number" ? dropped : 0, event };
}

/** The error as the worker threw it; a protocol error is INTERNAL, and its `cause` has the name. */
function toError({ message, data }: Fields): ObservabilityError {
  const name = isFields(data) && typeof data.error === "string" ? data.error.toUpperCase() : "";
  const text = typeof message === "string" ? message : "The worker rejected the call.";
  if (isErrorCode(name)) return new ObservabilityError(name, text);
  return new ObservabilityError("INTERNAL", text, { cause: { name: "SocketRefusal", code: name } });
}

function parse(frame: string): Fields | null {
  try {
    const value: unknown = JSON.parse(frame);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
