import { ServerResponse } from "node:http";
import type { Exchange, Reply } from "./reply.js";

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
