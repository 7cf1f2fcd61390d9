import { type IncomingMessage, ServerResponse } from "node:http";
import { errorCodes, type ObservabilityError } from "@tasker-observability/core";

/** An answer, before anybody knows how it goes out. */
export interface Reply {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: string;
  /** Latin-1 where the body is ASCII: the same bytes, which Node need not transcode. */
  readonly encoding: "latin1" | "utf8";
}

/** One request under way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** Puts a reply on the wire. */
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

/** The answer to OPTIONS: what the path takes, and nothing about origins. */
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
 * Puts a reply on the wire, unless somebody else has answered meanwhile or nobody listens any more.
 * The status and all headers go in one call, Node's fastest way. Middleware that wraps `writeHead` to watch or change
 * what goes out often understands no list of headers: it finds them set one by one.
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
