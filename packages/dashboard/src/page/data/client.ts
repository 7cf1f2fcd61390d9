import { keptInTab, readKey } from "./api-key.js";
import { offline, type Outcome, problemOf } from "./problem.js";

const timeoutMs = 10_000;
/** A reloaded page sends its key before it has heard again which header is to carry it. */
const keptHeader = keptInTab("tasker-observability.key-header");

/** Has keys sent in the header that the worker names. @param name - null if it needs no key. */
export function setKeyHeader(name: string | null): void {
  keptHeader.write(name);
}

function keyHeader(): string {
  return keptHeader.read() ?? "X-API-Key";
}

/** Where a path of the worker is, whatever the page is mounted below. */
export function urlOf(path: string): string {
  return new URL(path.replace(/^\//, "./"), document.baseURI.replace(/[?#].*$/, "")).href;
}

/** Asks the worker. Answers 503 with a result (`/health/ready`) are results. */
export function get<T>(path: string): Promise<Outcome<T>> {
  return call<T>(path, { method: "GET" });
}

/** What a write takes. */
export type WriteParams = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Has the worker change something. Endpoints take their params by query, a list as text with commas. */
export function post<T>(path: string, params: WriteParams): Promise<Outcome<T>> {
  return call<T>(withParams(path, params), { method: "POST" });
}

function withParams(path: string, params: WriteParams): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

async function call<T>(path: string, request: RequestInit): Promise<Outcome<T>> {
  const key = readKey();
  const headers = new Headers(request.headers);
  headers.set("Accept", "application/json");
  if (key !== null) headers.set(keyHeader(), key);
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
export function toCurl(path: string, params?: WriteParams): string {
  const words = ["curl", "-s"];
  if (params !== undefined) words.push("-X POST");
  if (readKey() !== null) words.push(`-H "${keyHeader()}: $TASKER_API_KEY"`);
  return [...words, quote(urlOf(withParams(path, params ?? {})))].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
