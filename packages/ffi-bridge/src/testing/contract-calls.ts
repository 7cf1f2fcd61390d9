import type { ObservabilityMethods } from "../observability-methods.js";

/** One call, as each transport writes it. */
export interface Call {
  readonly operation: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly facade: (facade: ObservabilityMethods) => Promise<unknown>;
  /** Absent where HTTP has no such endpoint. */
  readonly http?: readonly ["GET" | "POST" | "DELETE", string];
}

/** A template that the sample has. */
export const charge = { namespace: "payments", name: "charge", version: "1.0.0" };
const none = { ...charge, name: "none" };
const stranger = { ...charge, namespace: "strangers" };
const at = ({ namespace, name, version }: typeof charge, action = "") =>
  `/templates/${namespace}/${name}/${version}${action}`;

/** Every operation at least once. */
export const calls = {
  basic: { operation: "health_basic", facade: (f) => f.healthBasic(), http: ["GET", "/health"] },
  live: { operation: "health_live", facade: (f) => f.healthLive(), http: ["GET", "/health/live"] },
  ready: {
    operation: "health_ready",
    facade: (f) => f.healthReady(),
    http: ["GET", "/health/ready"],
  },
  detailed: {
    operation: "health_detailed",
    facade: (f) => f.healthDetailed(),
    http: ["GET", "/health/detailed"],
  },
  metrics: {
    operation: "metrics_prometheus",
    facade: (f) => f.prometheusMetrics(),
    http: ["GET", "/metrics"],
  },
  workerMetrics: {
    operation: "metrics_worker",
    facade: (f) => f.metricsWorker(),
    http: ["GET", "/metrics/worker"],
  },
  events: {
    operation: "metrics_events",
    facade: (f) => f.eventStats(),
    http: ["GET", "/metrics/events"],
  },
  list: {
    operation: "templates_list",
    params: { limit: 1_000 },
    facade: (f) => f.templatesList({ limit: 1_000 }),
    http: ["GET", "/templates"],
  },
  page: {
    operation: "templates_list",
    params: { include_cache_stats: true, namespace: "payments", limit: 1, offset: 1 },
    facade: (f) =>
      f.templatesList({ includeCacheStats: true, namespace: "payments", limit: 1, offset: 1 }),
    http: ["GET", "/templates?include_cache_stats=true&namespace=payments&limit=1&offset=1"],
  },
  get: {
    operation: "template_get",
    params: charge,
    facade: (f) => f.templateGet(charge),
    http: ["GET", at(charge)],
  },
  getNone: {
    operation: "template_get",
    params: none,
    facade: (f) => f.templateGet(none),
    http: ["GET", at(none)],
  },
  getStranger: {
    operation: "template_get",
    params: stranger,
    facade: (f) => f.templateGet(stranger),
    http: ["GET", at(stranger)],
  },
  validate: {
    operation: "template_validate",
    params: charge,
    facade: (f) => f.templateValidate(charge),
    http: ["POST", at(charge, "/validate")],
  },
  stats: {
    operation: "templates_cache_stats",
    facade: (f) => f.cacheStats(),
    http: ["GET", "/templates/cache/stats"],
  },
  clear: {
    operation: "templates_cache_clear",
    facade: (f) => f.cacheClear(),
    http: ["DELETE", "/templates/cache"],
  },
  maintain: {
    operation: "templates_cache_maintain",
    facade: (f) => f.cacheMaintain(),
    http: ["POST", "/templates/cache/maintain"],
  },
  refresh: {
    operation: "template_refresh",
    params: charge,
    facade: (f) => f.templateRefresh(charge),
    http: ["POST", at(charge, "/refresh")],
  },
  refreshNone: {
    operation: "template_refresh",
    params: none,
    facade: (f) => f.templateRefresh(none),
    http: ["POST", at(none, "/refresh")],
  },
  config: { operation: "config_runtime", facade: (f) => f.config(), http: ["GET", "/config"] },
  environment: { operation: "config_environment", facade: (f) => f.environment() },
} as const satisfies Record<string, Call>;
