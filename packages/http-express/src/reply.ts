import { type IncomingMessage, ServerResponse } from "node:http";
import { errorCodes, type ObservabilityError } from "@tasker-observability/core";

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  /** Names and values alternate. */
  readonly headers: string[];
  readonly body: string | Uint8Array;
  /** Latin-1 for ASCII bodies: the same bytes, without transcoding. */
  readonly encoding: "latin1" | "utf8";
}

/** One request in flight. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** Sends a reply. */
export type Send = (exchange: Exchange, reply: Reply) => void;

export function createReply(
  status: number,
  mediaType: string,
  body: string,
  requestId: string,
): Reply {
  const bytes = Buffer.byteLength(body);
  return {
    status,
    headers: [
      "Content-Type",
      mediaType,
      "Content-Length",
      String(bytes),
      "Cache-Control",
      "no-store",
      "X-Content-Type-Options",
      "nosniff",
      "X-Request-Id",
      requestId,
    ],
    body,
    encoding: bytes === body.length ? "latin1" : "utf8",
  };
}

export function createErrorReply(
  error: ObservabilityError,
  requestId: string,
  nowMs: number,
  extra: readonly string[] = [],
): Reply {
  const body = {
    error: error.code.toLowerCase(),
    message: error.message,
    timestamp: new Date(nowMs).toISOString(),
    request_id: requestId,
  };
  const reply = createReply(
    errorCodes[error.code].httpStatus,
    "application/json",
    JSON.stringify(body),
    requestId,
  );
  return extra.length === 0 ? reply : { ...reply, headers: [...reply.headers, ...extra] };
}

export function withRequestId(reply: Reply, requestId: string): Reply {
  return { ...reply, headers: [...reply.headers, "X-Request-Id", requestId] };
}

/** The answer to OPTIONS: the allowed methods, and no CORS headers. */
export function createOptionsReply(allow: string, requestId: string): Reply {
  const headers = [
    "Allow",
    allow,
    "Cache-Control",
    "no-store",
    "X-Content-Type-Options",
    "nosniff",
    "X-Request-Id",
    requestId,
  ];
  return { status: 204, headers, body: "", encoding: "latin1" };
}

/**
 * Sends a reply, unless the application has answered meanwhile or the client has gone.
 * Status and headers go in one call, which is fastest. Middleware that wraps `writeHead` to watch or change
 * headers often does not understand a list of them, so they are set one by one then.
 */
export function send(
  { request, response }: Exchange,
  { status, headers, body, encoding }: Reply,
): void {
  if (response.headersSent || response.destroyed) return;
  if (response.writeHead === ServerResponse.prototype.writeHead)
    response.writeHead(status, headers);
  else setOneByOne(response, status, headers);
  if (request.method === "HEAD") response.end();
  else response.end(body, encoding);
}

function setOneByOne(response: ServerResponse, status: number, headers: readonly string[]): void {
  response.statusCode = status;
  for (let index = 0; index < headers.length; index += 2)
    response.setHeader(headers[index] ?? "", headers[index + 1] ?? "");
}
