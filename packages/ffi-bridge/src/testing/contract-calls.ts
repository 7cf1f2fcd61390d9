import {
  catalogue,
  type HttpEndpoint,
  type Operation,
  type OperationName,
  rowOf,
} from "@tasker-observability/core";
import type { ObservabilityMethods } from "../observability-methods.js";

type Params = Readonly<Record<string, unknown>>;

/** One call, as each transport writes it. */
export interface Call {
  readonly operation: string;
  readonly params?: Params | undefined;
  readonly facade: (facade: ObservabilityMethods) => Promise<unknown>;
  /** Absent where HTTP has no such endpoint. */
  readonly http?: readonly [method: string, path: string] | undefined;
}

/** The call of an operation with these params: by its facade's method, or by `call` where it has none. */
export function toCall(
  { name, http = [] }: Pick<Operation, "name" | "http">,
  params?: Params,
): Call {
  const row = rowOf(name);
  // The last one: a validation by POST says more of HTTP than one by GET does.
  const endpoint = http.at(-1);
  return {
    operation: name,
    params,
    facade: (facade) =>
      row === undefined ? facade.call(name, params) : callMethod(facade, row.facade, params),
    ...(endpoint === undefined ? {} : { http: toRequest(endpoint, params) }),
  };
}

function callMethod(facade: object, method: string, params: Params | undefined): Promise<unknown> {
  const methods = facade as Readonly<Record<string, (options?: Params) => Promise<unknown>>>;
  return methods[method]!(params === undefined ? undefined : toOptions(params));
}

function toOptions(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function toRequest(endpoint: HttpEndpoint, params: Params = {}): readonly [string, string] {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const query = Object.entries(params)
    .filter(([name]) => !template.includes(`{${name}}`))
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return [method, query.length === 0 ? path : `${path}?${query.join("&")}`];
}

function callOf(name: OperationName, params?: Params): Call {
  return toCall({ name, ...catalogue[name] }, params);
}

/** A template that the sample has. */
export const charge = { namespace: "payments", name: "charge", version: "1.0.0" };
const missing = { ...charge, name: "none" };
const unserved = { ...charge, namespace: "strangers" };

/** Values of the params that paths name. */
const sampleParams: Params = charge;

/** Params that an operation needs besides those of its path. */
const needed: Readonly<Partial<Record<OperationName, Params>>> = {
  dead_letters_redrive: { namespace: "payments", all: true },
  dead_letters_purge: { namespace: "payments", ids: "1,7" },
};

/** An operation of the catalogue with the params that it needs. */
export function sampleCall(name: OperationName): Call {
  const params = needed[name];
  if (params !== undefined) return callOf(name, params);
  const names = (rowOf(name)?.http ?? []).flatMap((endpoint) =>
    Array.from(endpoint.matchAll(/\{(\w+)\}/g), ([, param = ""]) => param),
  );
  const unknown = names.find((param) => !Object.hasOwn(sampleParams, param));
  if (unknown !== undefined)
    throw new Error(`${name}: give the param ${unknown} a value in sampleParams of this file.`);
  return callOf(
    name,
    names.length === 0
      ? undefined
      : Object.fromEntries(names.map((param) => [param, sampleParams[param]])),
  );
}

/** Calls that the contract's cases ask. */
export const calls = {
  basic: callOf("health_basic"),
  live: callOf("health_live"),
  ready: callOf("health_ready"),
  detailed: callOf("health_detailed"),
  metrics: callOf("metrics_prometheus"),
  workerMetrics: callOf("metrics_worker"),
  events: callOf("metrics_events"),
  // Over HTTP this limit is the default.
  list: { ...callOf("templates_list", { limit: 1_000 }), http: ["GET", "/templates"] },
  page: callOf("templates_list", {
    include_cache_stats: true,
    namespace: "payments",
    limit: 1,
    offset: 1,
  }),
  get: callOf("template_get", charge),
  getNone: callOf("template_get", missing),
  getUnserved: callOf("template_get", unserved),
  validate: callOf("template_validate", charge),
  stats: callOf("templates_cache_stats"),
  clear: callOf("templates_cache_clear"),
  maintain: callOf("templates_cache_maintain"),
  refresh: callOf("template_refresh", charge),
  refreshNone: callOf("template_refresh", missing),
  config: callOf("config_runtime"),
  environment: callOf("config_environment"),
} as const satisfies Record<string, Call>;
