import { readKey } from "./api-key.js";
import { offline, type Outcome, problemOf } from "./problem.js";

const timeoutMs = 10_000;
const keyHeader = "X-API-Key";

/** Where a path of the worker is, whatever the page is mounted below. */
export function urlOf(path: string): string {
  return new URL(path.replace(/^\//, "./"), document.baseURI.replace(/[?#].*$/, "")).href;
}

/** Asks the worker. Answers 503 with a result (`/health/ready`) are results. */
export function get<T>(path: string): Promise<Outcome<T>> {
  return call<T>(path, { method: "GET" });
}

/** Has the worker change something. */
export function post<T>(path: string, params: Readonly<Record<string, unknown>>) {
  return call<T>(path, {
    method: "POST",
    body: JSON.stringify(params),
    headers: { "Content-Type": "application/json" },
  });
}

async function call<T>(path: string, request: RequestInit): Promise<Outcome<T>> {
  const key = readKey();
  const headers = new Headers(request.headers);
  headers.set("Accept", "application/json");
  if (key !== null) headers.set(keyHeader, key);
  try {
    const response = await fetch(urlOf(path), {
      ...request,
      headers,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = (await response.json().catch(() => null)) as unknown;
    const isResult = response.ok || (response.status === 503 && isHealth(body));
    if (!isResult || body === null) return { ok: false, problem: problemOf(response.status, body) };
    return { ok: true, result: body as T };
  } catch {
    return { ok: false, problem: offline };
  }
}

function isHealth(body: unknown): boolean {
  return typeof body === "object" && body !== null && "checks" in body;
}

/** The same call for a shell. The key is left to a variable, so that it is in no history of commands. */
export function toCurl(path: string, params?: Readonly<Record<string, unknown>>): string {
  const words = ["curl", "-s"];
  if (params !== undefined) {
    words.push("-X POST", "-H 'Content-Type: application/json'");
    words.push("-d", quote(JSON.stringify(params)));
  }
  if (readKey() !== null) words.push(`-H "${keyHeader}: $TASKER_API_KEY"`);
  return [...words, quote(urlOf(path))].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
