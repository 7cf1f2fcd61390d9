import type { CatalogueRow, HttpEndpoint } from "./operation-facts.js";
import { workRows } from "./work-rows.js";

const probe = { access: "read", exposure: "probe" } as const;
const read = { access: "read", exposure: "detail" } as const;
const write = { access: "write", exposure: "detail" } as const;
const templateParams = ["namespace", "name", "version"] as const;
const templateErrors = [
  "TEMPLATE_NOT_FOUND",
  "NAMESPACE_NOT_SUPPORTED",
  "TEMPLATE_SOURCE_UNAVAILABLE",
] as const;

/** Tasker's current worker has its templates below this path, earlier versions at the root. */
export const versionPrefix = "/v1";

const alsoBelowV1 = (...endpoints: readonly HttpEndpoint[]): readonly HttpEndpoint[] => [
  ...endpoints,
  ...endpoints.map((endpoint) => endpoint.replace(" ", ` ${versionPrefix}`) as HttpEndpoint),
];

/** Every operation that a worker can have; `work-rows.ts` has those of the group `work`. Which of them a worker has depends on its services. */
export const catalogue = {
  health_basic: {
    group: "health",
    facade: "healthBasic",
    http: ["GET /health"],
    summary: "Reports that the process can answer.",
    description:
      "Runs no check and needs no database. It shows that the process answers, and which worker it is.",
    ...probe,
  },
  health_live: {
    group: "health",
    facade: "healthLive",
    http: ["GET /health/live"],
    summary: "Reports whether only a restart would help; does no I/O.",
    description:
      "For a liveness probe. 503 means that the process cannot recover by itself, which a lost database does not cause.",
    verdicts: ["unavailable"],
    ...probe,
  },
  health_ready: {
    group: "health",
    facade: "healthReady",
    http: ["GET /health/ready"],
    summary: "Reports whether work should be sent here.",
    description:
      "For a readiness probe, a load balancer or a deployment. A 503 lists the checks that make the worker unready.",
    verdicts: ["unavailable"],
    ...probe,
  },
  health_detailed: {
    group: "health",
    facade: "healthDetailed",
    http: ["GET /health/detailed"],
    summary: "Runs all checks.",
    description:
      "Shows every check with its status, message and duration, and the worker itself. The status is 200 whatever they found. Use it to see why a probe fails.",
    ...read,
  },
  metrics_prometheus: {
    group: "metrics",
    facade: "prometheusMetrics",
    http: ["GET /metrics"],
    summary: "The metrics as Prometheus text 0.0.4, or as OpenMetrics 1.0.0 on request.",
    description:
      "For a scraper. If a collector fails or is late, its families are missing and its `tasker_worker_collector_success` is 0.",
    mediaTypes: [
      "text/plain; version=0.0.4; charset=utf-8",
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    ],
    deadlineHeader: "x-prometheus-scrape-timeout-seconds",
    ...probe,
  },
  metrics_worker: {
    group: "metrics",
    facade: "metricsWorker",
    http: ["GET /metrics/worker"],
    summary: "The samples of `metrics_prometheus` as data, by name and labels.",
    description: "For programs that cannot parse the exposition format.",
    ...read,
  },
  metrics_events: {
    group: "metrics",
    facade: "eventStats",
    http: ["GET /metrics/events"],
    summary: "Counts domain events by route; not installed if the worker has none.",
    description: "Shows how many events were published, by route, and how many failed.",
    ...read,
  },
  templates_list: {
    group: "templates",
    facade: "templatesList",
    http: alsoBelowV1("GET /templates"),
    summary: "Lists the templates, ordered by namespace, name and version.",
    description:
      "Answers one page; `template_count` counts all pages. `include_cache_stats` adds the counters of the cache.",
    params: ["include_cache_stats", "namespace", "limit", "offset"],
    httpDefaults: { limit: 1_000 },
    errors: ["TEMPLATE_SOURCE_UNAVAILABLE"],
    ...read,
  },
  templates_cache_stats: {
    group: "templates",
    facade: "cacheStats",
    http: alsoBelowV1("GET /templates/cache/stats"),
    summary: "The counters of the template cache.",
    description:
      "Shows the entries, hits, misses and evictions of the cache, and the age of its oldest entry.",
    ...read,
  },
  templates_cache_clear: {
    group: "templates",
    facade: "cacheClear",
    http: alsoBelowV1("DELETE /templates/cache"),
    summary: "Empties the template cache.",
    description:
      "Later reads load each template from its source again. The answer counts what was removed.",
    ...write,
  },
  templates_cache_maintain: {
    group: "templates",
    facade: "cacheMaintain",
    http: alsoBelowV1("POST /templates/cache/maintain"),
    summary: "Removes expired templates from the cache.",
    description:
      "Expired templates are never served; this frees their memory. The answer counts what was removed.",
    ...write,
  },
  template_get: {
    group: "templates",
    facade: "templateGet",
    http: alsoBelowV1("GET /templates/{namespace}/{name}/{version}"),
    summary: "One template, resolved for this environment, secrets masked.",
    description:
      "Shows the template as the worker runs its steps, with the defaults that apply, and its cache entry.",
    params: templateParams,
    errors: templateErrors,
    ...read,
  },
  template_validate: {
    group: "templates",
    facade: "templateValidate",
    http: alsoBelowV1(
      "GET /templates/{namespace}/{name}/{version}/validate",
      "POST /templates/{namespace}/{name}/{version}/validate",
    ),
    summary: "Lists all problems of a template; an invalid template is an answer, not an error.",
    description:
      "Shows each problem with its path and severity. `valid` is false if one of them makes the template unusable.",
    params: templateParams,
    errors: templateErrors,
    ...read,
  },
  template_refresh: {
    group: "templates",
    facade: "templateRefresh",
    http: alsoBelowV1("POST /templates/{namespace}/{name}/{version}/refresh"),
    summary: "Reads a template again; `success` is false if it is missing or cannot be read.",
    description: "If the source fails, the cache keeps its entry.",
    params: templateParams,
    verdicts: ["not_found", "upstream_failed"],
    ...write,
  },
  config_runtime: {
    group: "config",
    facade: "config",
    http: ["GET /config"],
    summary: "The configuration in use, secrets masked.",
    description: "Shows each value after defaults, files and environment variables are merged.",
    ...read,
  },
  config_environment: {
    group: "config",
    facade: "environment",
    summary: "The environment's name.",
    description:
      "The name that selects the overrides of configuration and templates, such as `production`.",
    mediaTypes: ["text/plain; charset=utf-8"],
    ...read,
  },
  ...workRows,
} as const satisfies Readonly<Record<string, CatalogueRow>>;

/** The type of {@link catalogue}: each operation's facts, as literal types. */
export type Catalogue = typeof catalogue;

/** The name of an operation of the catalogue. */
export type OperationName = keyof Catalogue;

/** The catalogue's names, in its order. */
export const operationNames: readonly OperationName[] = Object.freeze(
  Object.keys(catalogue) as OperationName[],
);

/** A row of the catalogue; undefined for any other name, including names on a prototype. */
export function rowOf(name: string): CatalogueRow | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name as OperationName] : undefined;
}
