import { ObservabilityError } from "@tasker-observability/core";
import type { CallOperation } from "./call-in-process.js";
import type { ObservabilityMethods } from "./observability-methods.js";

/** The facade's methods over any way to call an operation: in this process, or across a socket. */
export function createFacadeMethods(call: CallOperation): ObservabilityMethods {
  const methods = {
    healthBasic: () => call("health_basic"),
    healthLive: () => call("health_live"),
    healthReady: () => call("health_ready"),
    healthDetailed: () => call("health_detailed"),
    prometheusMetrics: () => call("metrics_prometheus"),
    metricsWorker: () => call("metrics_worker"),
    eventStats: () => call("metrics_events"),
    templatesList: async (options?: unknown) => call("templates_list", toListParams(options)),
    templateGet: (identity: unknown) => call("template_get", identity),
    templateValidate: (identity: unknown) => call("template_validate", identity),
    cacheStats: () => call("templates_cache_stats"),
    cacheClear: () => call("templates_cache_clear"),
    cacheMaintain: () => call("templates_cache_maintain"),
    templateRefresh: (identity: unknown) => call("template_refresh", identity),
    config: () => call("config_runtime"),
    environment: () => call("config_environment"),
    ready: () => hasStatus(call("health_ready"), "healthy"),
    alive: () => hasStatus(call("health_live"), "alive"),
  };
  // What an operation resolves to is what its schema says: tests hold every service to that.
  return Object.freeze(methods) as ObservabilityMethods;
}

async function hasStatus(answer: Promise<unknown>, status: string): Promise<boolean> {
  try {
    return ((await answer) as { readonly status?: unknown }).status === status;
  } catch {
    return false;
  }
}

/** @throws ObservabilityError INVALID_PARAMS where a getter or a proxy throws: what it throws is the caller's own, and is not passed on. */
function toListParams(options: unknown): unknown {
  try {
    return renameKeys(options);
  } catch {
    throw new ObservabilityError("INVALID_PARAMS", "The options of templatesList cannot be read.");
  }
}

/** Anything that is no options object, and every unknown key, goes on as it is: the operation's schema refuses it. */
function renameKeys(options: unknown): unknown {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key === "includeCacheStats" ? "include_cache_stats" : key, value]),
  );
}
