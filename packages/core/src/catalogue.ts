import type { ErrorCode } from "./error-codes.js";

/** A result in one word; HTTP status and probe exit code follow from it. */
export type Verdict = "ok" | "unavailable" | "not_found" | "upstream_failed";

/** A method and a path; segments in braces are params: `GET /orders/{region}/backlog`. */
export type HttpEndpoint = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;

/** The facts of an operation that transports need before a call. */
export interface OperationFacts {
  /** The group by which HTTP can leave it out. */
  readonly group: OperationGroup;
  /** `write` operations change the worker's state and are opt-in over HTTP and the socket. */
  readonly access: "read" | "write";
  /** `probe` answers stay open where authentication protects the rest. */
  readonly exposure: "probe" | "detail";
  /** One sentence for documents. @default none */
  readonly summary?: string | undefined;
  /** Where HTTP answers it. @default nowhere */
  readonly http?: readonly HttpEndpoint[] | undefined;
  /** Defaults of params that only HTTP has. @default none */
  readonly httpDefaults?: Readonly<Record<string, number>> | undefined;
  /** The request header in which an HTTP caller says how many seconds it waits. @default none */
  readonly deadlineHeader?: string | undefined;
  /** Its verdicts besides `ok`. @default none */
  readonly verdicts?: readonly Exclude<Verdict, "ok">[] | undefined;
}

/** One operation of the project. */
export interface CatalogueRow extends OperationFacts {
  /** The facade's method; the Ruby and Python clients' is the same in snake case. */
  readonly facade: string;
  readonly summary: string;
  /** Names of the params, as the schema in the service has them. @default none */
  readonly params?: readonly string[] | undefined;
  /** The first is the default. @default application/json */
  readonly mediaTypes?: readonly [string, ...string[]] | undefined;
}

/** What a transport without writes answers to a write. */
export interface WritesDisabled {
  readonly code: ErrorCode;
  /** Without a full stop: what enables writes may follow. */
  readonly message: string;
}

const writesDisabled: WritesDisabled = {
  code: "FORBIDDEN",
  message: "This operation changes the worker's state, and this transport offers no writes",
};

const cacheOperationsDisabled: WritesDisabled = {
  code: "CACHE_OPERATIONS_DISABLED",
  message: "Cache operations are disabled on this transport",
};

/** Groups can be left out of HTTP one by one. `custom` contains the operations that an application defines. */
export const operationGroups = {
  health: { writesDisabled },
  metrics: { writesDisabled },
  templates: { writesDisabled: cacheOperationsDisabled },
  config: { writesDisabled },
  custom: { writesDisabled },
} as const satisfies Readonly<Record<string, { readonly writesDisabled: WritesDisabled }>>;

/** The name of a group of operations. */
export type OperationGroup = keyof typeof operationGroups;

const probe = { access: "read", exposure: "probe" } as const;
const read = { access: "read", exposure: "detail" } as const;
const write = { access: "write", exposure: "detail" } as const;
const identity = ["namespace", "name", "version"] as const;

/** Tasker's current worker has its templates below this path, earlier ones at the root. */
export const versionPrefix = "/v1";

const alsoBelowV1 = (...endpoints: readonly HttpEndpoint[]): readonly HttpEndpoint[] => [
  ...endpoints,
  ...endpoints.map((endpoint) => endpoint.replace(" ", ` ${versionPrefix}`) as HttpEndpoint),
];

/** Every operation that a worker can have, and the only place that describes it. Which of them it has depends on its services. */
export const catalogue = {
  health_basic: {
    group: "health",
    facade: "healthBasic",
    http: ["GET /health"],
    summary: "Reports that the process can answer.",
    ...probe,
  },
  health_live: {
    group: "health",
    facade: "healthLive",
    http: ["GET /health/live"],
    summary: "Reports whether only a restart would help; does no I/O.",
    verdicts: ["unavailable"],
    ...probe,
  },
  health_ready: {
    group: "health",
    facade: "healthReady",
    http: ["GET /health/ready"],
    summary: "Reports whether work should be sent here.",
    verdicts: ["unavailable"],
    ...probe,
  },
  health_detailed: {
    group: "health",
    facade: "healthDetailed",
    http: ["GET /health/detailed"],
    summary: "Runs all checks.",
    ...read,
  },
  metrics_prometheus: {
    group: "metrics",
    facade: "prometheusMetrics",
    http: ["GET /metrics"],
    summary: "The metrics as Prometheus text 0.0.4, or OpenMetrics 1.0.0 where asked for.",
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
    summary: "The samples of `metrics_prometheus` as data, each under its name and labels.",
    ...read,
  },
  metrics_events: {
    group: "metrics",
    facade: "eventStats",
    http: ["GET /metrics/events"],
    summary: "Counts domain events by route; not installed where the worker has none.",
    ...read,
  },
  templates_list: {
    group: "templates",
    facade: "templatesList",
    http: alsoBelowV1("GET /templates"),
    summary: "Lists the templates, ordered by namespace, name and version.",
    params: ["include_cache_stats", "namespace", "limit", "offset"],
    httpDefaults: { limit: 1_000 },
    ...read,
  },
  templates_cache_stats: {
    group: "templates",
    facade: "cacheStats",
    http: alsoBelowV1("GET /templates/cache/stats"),
    summary: "Counts of the template cache.",
    ...read,
  },
  templates_cache_clear: {
    group: "templates",
    facade: "cacheClear",
    http: alsoBelowV1("DELETE /templates/cache"),
    summary: "Empties the template cache.",
    ...write,
  },
  templates_cache_maintain: {
    group: "templates",
    facade: "cacheMaintain",
    http: alsoBelowV1("POST /templates/cache/maintain"),
    summary: "Removes expired templates from the cache.",
    ...write,
  },
  template_get: {
    group: "templates",
    facade: "templateGet",
    http: alsoBelowV1("GET /templates/{namespace}/{name}/{version}"),
    summary: "One template, resolved for this environment, secrets masked.",
    params: identity,
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
    params: identity,
    ...read,
  },
  template_refresh: {
    group: "templates",
    facade: "templateRefresh",
    http: alsoBelowV1("POST /templates/{namespace}/{name}/{version}/refresh"),
    summary: "Reads a template again; `success` is false where it is missing or cannot be read.",
    params: identity,
    verdicts: ["not_found", "upstream_failed"],
    ...write,
  },
  config_runtime: {
    group: "config",
    facade: "config",
    http: ["GET /config"],
    summary: "The configuration in use, secrets masked.",
    ...read,
  },
  config_environment: {
    group: "config",
    facade: "environment",
    summary: "The environment's name.",
    mediaTypes: ["text/plain; charset=utf-8"],
    ...read,
  },
} as const satisfies Readonly<Record<string, CatalogueRow>>;

/** The type of {@link catalogue}: each operation's facts, as literal types. */
export type Catalogue = typeof catalogue;

/** The name of an operation of the catalogue. */
export type OperationName = keyof Catalogue;

/** The catalogue's names, in its order. */
export const operationNames: readonly OperationName[] = Object.freeze(
  Object.keys(catalogue) as OperationName[],
);

/** A row of the catalogue; undefined for any other name, one of a prototype too. */
export function rowOf(name: string): CatalogueRow | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name as OperationName] : undefined;
}
