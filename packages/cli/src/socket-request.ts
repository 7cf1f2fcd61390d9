import { connect } from "node:net";

/** What a worker answers on its socket: a result or an error. */
export interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly message?: unknown; readonly data?: { readonly error?: unknown } };
}

export interface SocketRequest {
  readonly path: string;
  readonly method: string;
  readonly params?: unknown;
  readonly timeoutMs: number;
  /** Characters. */
  readonly longestAnswer: number;
}

/** No system takes less for the path of a socket. */
const shortPathBytes = 100;

const noWorker = "the answer did not come from a worker";

/** What is wrong with the path of a socket; null if nothing is. */
export async function problemOfSocket(path: string): Promise<string | null> {
  // What knows this system's limit is loaded where the limit may be met, and by no other probe.
  if (Buffer.byteLength(path) <= shortPathBytes) return null;
  return (await import("@tasker-observability/config/files")).problemOfSocketPath(path);
}

/** Calls a method. @returns the answer, or in words why there is none. */
export function callSocket({
  path,
  method,
  params,
  timeoutMs,
  longestAnswer,
}: SocketRequest): Promise<RpcAnswer | string> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const timer = setTimeout(() => settle(`no answer within ${timeoutMs / 1_000} s`), timeoutMs);
    const settle = (result: RpcAnswer | string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    let text = "";
    socket.setEncoding("utf8");
    socket.on("connect", () =>
      socket.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })}\n`),
    );
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end !== -1) settle(parse(text.slice(0, end)));
      else if (text.length > longestAnswer) settle(noWorker);
    });
    socket.on("error", ({ code }: NodeJS.ErrnoException) =>
      settle(code ?? "the connection failed"),
    );
    socket.on("close", () => settle("the connection was lost"));
  });
}

function parse(line: string): RpcAnswer | string {
  try {
    const answer: unknown = JSON.parse(line);
    return typeof answer === "object" && answer !== null ? answer : noWorker;
  } catch {
    return noWorker;
  }
}
