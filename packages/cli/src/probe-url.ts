import { type CommandResult, misuse } from "./command-result.js";
import { readKeyHeaders } from "./probe-key.js";
import type { ProbeRequest } from "./probe-request.js";
import { cannotReach, cannotTell, toVerdict, toErrorVerdict } from "./probe-verdict.js";

const longestAnswer = 1_048_576;

export async function probeUrl(request: ProbeRequest): Promise<CommandResult> {
  const target = toTarget(request.where, request.name);
  if (target === null) return misuse("--url takes the address of a worker: http://host:port");
  try {
    return await ask(target, request, readKeyHeaders(request.key));
  } catch (error) {
    return misuse(error instanceof Error ? error.message : "The key could not be read.");
  }
}

async function ask(
  target: URL,
  { name, timeoutMs }: ProbeRequest,
  key: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const { get } =
    target.protocol === "https:" ? await import("node:https") : await import("node:http");
  return new Promise((resolve) => {
    const request = get(
      target,
      { agent: false, headers: { accept: "application/json", ...key } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > longestAnswer)
            settle(cannotReach("the answer did not come from a worker"));
        });
        response.on("end", () =>
          settle(
            refusedKey(response.statusCode, key) ?? read(name, response.statusCode ?? 0, text),
          ),
        );
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

/** The worker, or a proxy in front of it, has answered, so it can be reached. Null if it refused no key. */
function refusedKey(status: number | undefined, key: object): CommandResult | null {
  if (status !== 401 && status !== 403) return null;
  return cannotTell(
    Object.keys(key).length === 0
      ? `the worker requires an API key (HTTP ${status}): pass one with --api-key-env NAME or --api-key-file PATH`
      : `the worker does not accept this API key (HTTP ${status})`,
  );
}

function read(name: ProbeRequest["name"], status: number, text: string): CommandResult {
  if (status !== 200 && status !== 503) return cannotReach(`HTTP ${status}`);
  try {
    const body: unknown = JSON.parse(text);
    const { error } = body as { readonly error?: unknown };
    return typeof error === "string" ? toErrorVerdict(name, error, error) : toVerdict(name, body);
  } catch {
    return cannotReach("the answer did not come from a worker");
  }
}
