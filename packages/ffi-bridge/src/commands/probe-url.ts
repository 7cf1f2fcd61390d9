import { type CommandResult, misuse } from "./command-result.js";
import type { ProbeRequest } from "./probe-request.js";
import { cannotReach, judge, judgeError } from "./probe-verdict.js";

const longestAnswer = 1_048_576;

export async function probeUrl({ name, where, timeoutMs }: ProbeRequest): Promise<CommandResult> {
  const target = toTarget(where, name);
  if (target === null) return misuse("--url takes the address of a worker: http://host:port");
  const { get } =
    target.protocol === "https:" ? await import("node:https") : await import("node:http");
  return new Promise((resolve) => {
    const request = get(
      target,
      { agent: false, headers: { accept: "application/json" } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > longestAnswer) settle(cannotReach("what answers there is no worker"));
        });
        response.on("end", () => settle(read(name, response.statusCode ?? 0, text)));
      },
    );
    const timer = setTimeout(
      () => settle(cannotReach(`no answer within ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    const settle = (result: CommandResult): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    };
    request.on("error", ({ code }: NodeJS.ErrnoException) =>
      settle(cannotReach(code ?? "the connection failed")),
    );
  });
}

/** The worker's address, with or without the endpoint's path. */
function toTarget(text: string, name: ProbeRequest["name"]): URL | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (!url.pathname.endsWith(`/health/${name}`))
    url.pathname = `${url.pathname.replace(/\/$/, "")}/health/${name}`;
  return url;
}

function read(name: ProbeRequest["name"], status: number, text: string): CommandResult {
  if (status !== 200 && status !== 503) return cannotReach(`HTTP ${status}`);
  try {
    const body: unknown = JSON.parse(text);
    const { error } = body as { readonly error?: unknown };
    return typeof error === "string" ? judgeError(name, error, error) : judge(name, body);
  } catch {
    return cannotReach("what answers there is no worker");
  }
}
