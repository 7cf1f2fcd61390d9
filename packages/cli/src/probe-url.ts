import { type CommandResult, misuse } from "./command-result.js";
import { sendHttp } from "./http-request.js";
import { readKeyHeaders, refusedKey } from "./probe-key.js";
import type { ProbeRequest } from "./probe-request.js";
import { cannotReach, cannotTell, toVerdict, toErrorVerdict } from "./probe-verdict.js";

const longestAnswer = 1_048_576;

export async function probeUrl(request: ProbeRequest): Promise<CommandResult> {
  const url = toTarget(request.where, request.name);
  if (url === null) return misuse("--url takes the address of a worker: http://host:port");
  try {
    return await ask(url, request, readKeyHeaders(request.key));
  } catch (error) {
    return misuse(error instanceof Error ? error.message : "The key could not be read.");
  }
}

async function ask(
  url: URL,
  { name, timeoutMs }: ProbeRequest,
  key: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const headers = { accept: "application/json", ...key };
  const answer = await sendHttp({ url, headers, timeoutMs, longestAnswer });
  if (typeof answer === "string") return cannotReach(answer);
  const refused = refusedKey(answer.status, key);
  return refused === null ? read(name, answer.status, answer.text) : cannotTell(refused);
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
    return typeof error === "string" ? toErrorVerdict(name, error, error) : toVerdict(name, body);
  } catch {
    return cannotReach("the answer did not come from a worker");
  }
}
