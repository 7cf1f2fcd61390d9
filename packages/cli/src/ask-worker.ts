import { catalogue, type CatalogueRow } from "@tasker-observability/core";
import { callSocket, problemOfSocket } from "./socket-request.js";
import { type HttpAnswer, sendHttp } from "./http-request.js";
import { refusedKey } from "./probe-key.js";
import { usageError } from "./parse-options.js";
import type { WorkerTarget } from "./worker-target.js";

/** What a worker said. */
export type WorkerAnswer =
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "unreachable"; readonly message: string };

type Params = Readonly<Record<string, unknown>>;

const longestAnswer = 67_108_864;

/** Calls an operation of a worker, of the catalogue or the application's own. */
export async function askWorker(
  target: WorkerTarget,
  operation: string,
  params: Params = {},
): Promise<WorkerAnswer> {
  return target.way === "socket"
    ? askSocket(target, operation, params)
    : askUrl(target, operation, params);
}

async function askSocket(
  { command, where, timeoutMs }: WorkerTarget,
  method: string,
  params: Params,
): Promise<WorkerAnswer> {
  const problem = await problemOfSocket(where);
  if (problem !== null) throw usageError(command, problem);
  const answer = await callSocket({ path: where, method, params, timeoutMs, longestAnswer });
  if (typeof answer === "string") return unreachable(answer);
  if (answer.error === undefined) return { kind: "result", value: answer.result };
  return { kind: "error", message: String(answer.error.message) };
}

async function askUrl(
  target: WorkerTarget,
  operation: string,
  params: Params,
): Promise<WorkerAnswer> {
  const endpoint = endpointInCatalogue(operation) ?? (await findEndpoint(target, operation));
  if (typeof endpoint !== "string") return endpoint;
  const [method = "", path = ""] = endpoint.split(" ");
  const answer = await send(target, method, toPath(path, params, target));
  return typeof answer === "string" ? unreachable(answer) : toAnswer(answer, target);
}

function endpointInCatalogue(name: string): string | undefined {
  const rows: Readonly<Record<string, CatalogueRow>> = catalogue;
  return Object.hasOwn(rows, name) ? rows[name]?.http?.[0] : undefined;
}

interface OpenApi {
  readonly paths?: Readonly<
    Record<string, Readonly<Record<string, { readonly operationId?: unknown }>>>
  >;
}

/** Where the worker answers an operation of the application's own: its OpenAPI document says so. */
async function findEndpoint(target: WorkerTarget, name: string): Promise<string | WorkerAnswer> {
  const answer = await send(target, "GET", "/openapi.json");
  if (typeof answer === "string") return unreachable(answer);
  const document = toAnswer(answer, target);
  if (document.kind !== "result") return document;
  for (const [path, methods] of Object.entries((document.value as OpenApi).paths ?? {}))
    for (const [method, { operationId }] of Object.entries(methods))
      if (operationId === name) return `${method.toUpperCase()} ${path}`;
  return { kind: "error", message: `The worker has no operation ${name} over HTTP.` };
}

function send(target: WorkerTarget, method: string, path: string): Promise<HttpAnswer | string> {
  const url = new URL(target.where);
  const [pathname = "", query = ""] = path.split("?");
  url.pathname = `${url.pathname.replace(/\/$/, "")}${pathname}`;
  url.search = query;
  const headers = { accept: "application/json, text/plain;q=0.9, */*;q=0.1", ...target.headers };
  return sendHttp({ url, method, headers, timeoutMs: target.timeoutMs, longestAnswer });
}

/** Params that the path names go there, the others into the query. */
function toPath(path: string, params: Params, { command }: WorkerTarget): string {
  const inPath = new Set<string>();
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name);
    if (params[name] === undefined) throw usageError(command, `The params lack ${name}.`);
    return encodeURIComponent(toText(params[name]));
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (!inPath.has(name)) query.append(name, toText(value));
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toAnswer({ status, text }: HttpAnswer, { headers }: WorkerTarget): WorkerAnswer {
  const refused = refusedKey(status, headers);
  if (refused !== null) return { kind: "error", message: refused };
  const value = parse(text);
  if (isErrorBody(value)) return { kind: "error", message: value.message };
  // 404, 502 and 503 are the verdict of some results, which come with them.
  const isResult = status < 300 || (typeof value === "object" && value !== null);
  return isResult ? { kind: "result", value } : unreachable(`HTTP ${status}`);
}

interface ErrorBody {
  readonly error: string;
  readonly message: string;
  readonly request_id: string;
}

function isErrorBody(value: unknown): value is ErrorBody {
  return (
    typeof value === "object" &&
    value !== null &&
    ["error", "message", "request_id"].every((name) => typeof Reflect.get(value, name) === "string")
  );
}

/** Texts such as Prometheus's stay as they are. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unreachable(why: string): WorkerAnswer {
  return { kind: "unreachable", message: `cannot reach the worker: ${why}` };
}
