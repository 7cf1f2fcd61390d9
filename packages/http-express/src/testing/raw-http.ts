import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** One response as it was received. */
export interface RawResponse {
  readonly status: number;
  /** By lower-case name; repeated ones joined by a comma, so that a doubled header is seen. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The names by which the tests ask. */
export const allowedHosts = ["worker.test", "x"] as const;

/** Sends raw bytes and resolves with the whole response, once the server has closed. */
export async function sendBytes(port: number, bytes: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write(bytes, "latin1");
  return readToEnd(socket);
}

/** Opens a connection until the test ends, and sends bytes; what comes back is discarded unless somebody listens, or left unread. */
export function openConnection(port: number, bytes = "", reads = true): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  if (reads) socket.resume();
  else socket.pause();
  if (bytes !== "") socket.write(bytes);
  return socket;
}

/** Resolves with all that arrives until the connection closes or is reset. */
export function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve(text);
    });
  });
}

/** Sends a raw request line, which an HTTP client would normalize. */
export async function sendRequest(
  port: number,
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Promise<RawResponse> {
  const fields = { Host: "worker.test", Connection: "close", ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return parseResponse(await sendBytes(port, `${line} HTTP/1.1\r\n${head.join("")}\r\n${body}`));
}

export function parseResponse(text: string): RawResponse {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name] ?? ""}, ${value}` : value;
  }
  return { status: Number(statusLine.split(" ")[1]), headers, body: text.slice(end + 4) };
}
