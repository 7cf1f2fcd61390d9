import type { ErrorCode, Operation, Verdict } from "@tasker-observability/core";

/** What an access policy goes by; an operation has the same, and its own win where it is installed. */
export type OperationTraits = Pick<Operation, "group" | "access" | "exposure">;

/** One method on one path. */
export interface Route extends OperationTraits {
  readonly method: "GET" | "POST" | "DELETE";
  /** Segments in braces are the operation's params of that name. */
  readonly path: string;
  readonly operation: string;
  /** What the operation's result can say besides `ok`; {@link verdictStatus} has its status. */
  readonly verdicts?: readonly Verdict[] | undefined;
  /** Params that only HTTP defaults. */
  readonly defaults?: Readonly<Record<string, number>> | undefined;
  /** A request header in which the caller says for how many seconds it waits. */
  readonly patienceHeader?: string | undefined;
}

const probe = { access: "read", exposure: "probe" } as const;
const read = { access: "read", exposure: "detail" } as const;
const write = { access: "write", exposure: "detail" } as const;
const template = "/templates/{namespace}/{name}/{version}";

/** Every endpoint there is. The router and the listener are translations of this table, and add nothing to it. */
export const routes: readonly Route[] = [
  { method: "GET", path: "/health", operation: "health_basic", group: "health", ...probe },
  {
    method: "GET",
    path: "/health/live",
    operation: "health_live",
    group: "health",
    ...probe,
    verdicts: ["unavailable"],
  },
  {
    method: "GET",
    path: "/health/ready",
    operation: "health_ready",
    group: "health",
    ...probe,
    verdicts: ["unavailable"],
  },
  {
    method: "GET",
    path: "/health/detailed",
    operation: "health_detailed",
    group: "health",
    ...read,
  },
  {
    method: "GET",
    path: "/metrics",
    operation: "metrics_prometheus",
    group: "metrics",
    ...probe,
    patienceHeader: "x-prometheus-scrape-timeout-seconds",
  },
  {
    method: "GET",
    path: "/metrics/worker",
    operation: "metrics_worker",
    group: "metrics",
    ...read,
  },
  {
    method: "GET",
    path: "/metrics/events",
    operation: "metrics_events",
    group: "metrics",
    ...read,
  },
  {
    method: "GET",
    path: "/templates",
    operation: "templates_list",
    group: "templates",
    ...read,
    defaults: { limit: 1_000 },
  },
  {
    method: "GET",
    path: "/templates/cache/stats",
    operation: "templates_cache_stats",
    group: "templates",
    ...read,
  },
  {
    method: "DELETE",
    path: "/templates/cache",
    operation: "templates_cache_clear",
    group: "templates",
    ...write,
  },
  {
    method: "POST",
    path: "/templates/cache/maintain",
    operation: "templates_cache_maintain",
    group: "templates",
    ...write,
  },
  { method: "GET", path: template, operation: "template_get", group: "templates", ...read },
  {
    method: "GET",
    path: `${template}/validate`,
    operation: "template_validate",
    group: "templates",
    ...read,
  },
  {
    method: "POST",
    path: `${template}/validate`,
    operation: "template_validate",
    group: "templates",
    ...read,
  },
  {
    method: "POST",
    path: `${template}/refresh`,
    operation: "template_refresh",
    group: "templates",
    ...write,
    verdicts: ["not_found", "upstream_failed"],
  },
  { method: "GET", path: "/config", operation: "config_runtime", group: "config", ...read },
];

/** The status of an answer; its body is the result all the same. */
export const verdictStatus: Readonly<Record<Verdict, number>> = {
  ok: 200,
  unavailable: 503,
  not_found: 404,
  upstream_failed: 502,
};

/** The status of a refusal or failure. */
export const errorStatus: Readonly<Record<ErrorCode, number>> = {
  INVALID_PARAMS: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  CACHE_OPERATIONS_DISABLED: 403,
  SERVICE_NOT_INSTALLED: 404,
  TEMPLATE_NOT_FOUND: 404,
  NAMESPACE_NOT_SUPPORTED: 404,
  ENDPOINT_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  INTERNAL: 500,
  WORKER_NOT_RUNNING: 503,
  TEMPLATE_SOURCE_UNAVAILABLE: 503,
  TIMEOUT: 504,
};
