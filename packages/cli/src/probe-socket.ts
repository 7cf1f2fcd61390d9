import { connect } from "node:net";
import { type CommandResult, misuse } from "./command-result.js";
import type { ProbeRequest } from "./probe-request.js";
import { cannotReach, toVerdict, toErrorVerdict } from "./probe-verdict.js";

const longestAnswer = 1_048_576;

/** No system takes less for the path of a socket. */
const shortPathBytes = 100;

export async function probeSocket(request: ProbeRequest): Promise<CommandResult> {
  // The module with this system's limit is loaded only if the path may exceed it.
  const problem =
    Buffer.byteLength(request.where) > shortPathBytes
      ? (await import("@tasker-observability/config/files")).problemOfSocketPath(request.where)
      : null;
  return problem === null ? ask(request) : misuse(problem);
}

function ask({ name, where, timeoutMs }: ProbeRequest): Promise<CommandResult> {
  return new Promise((resolve) => {
    const socket = connect({ path: where });
    const timer = setTimeout(
      () => settle(cannotReach(`no answer within ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    const settle = (result: CommandResult): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    let text = "";
    socket.setEncoding("utf8");
    socket.on("connect", () =>
      socket.write(`{"jsonrpc":"2.0","id":1,"method":"health_${name}"}\n`),
    );
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end !== -1) settle(read(name, text.slice(0, end)));
      else if (text.length > longestAnswer)
        settle(cannotReach("the answer did not come from a worker"));
    });
    socket.on("error", ({ code }: NodeJS.ErrnoException) =>
      settle(cannotReach(code ?? "the connection failed")),
    );
    socket.on("close", () => settle(cannotReach("the connection was lost")));
  });
}

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly message?: unknown; readonly data?: { readonly error?: unknown } };
}

function read(name: ProbeRequest["name"], line: string): CommandResult {
  try {
    const { result, error } = JSON.parse(line) as RpcAnswer;
    return error === undefined
      ? toVerdict(name, result)
      : toErrorVerdict(name, String(error.data?.error), String(error.message));
  } catch {
    return cannotReach("the answer did not come from a worker");
  }
}
