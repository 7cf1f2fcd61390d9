import {
  type AccessPolicy,
  createAccessPolicy,
  type OperationGroup,
} from "@tasker-observability/core";
import type { Settings } from "@tasker-observability/config";
import type { ListenerOptions } from "@tasker-observability/http-express";

/** One policy for every transport of the worker. */
export function createWorkerPolicy({ web, bridge }: Settings["worker"]): AccessPolicy {
  return createAccessPolicy({
    httpGroups: httpGroups(web.endpoints),
    httpWrites: web.endpoints.cache_operations_enabled,
    httpAuth: web.auth.enabled,
    protectProbes: web.auth.protect_probes,
    socketWrites: bridge.writes_enabled,
  });
}

function httpGroups(endpoints: Settings["worker"]["web"]["endpoints"]): OperationGroup[] {
  const switches = {
    health: endpoints.health_enabled,
    metrics: endpoints.metrics_enabled,
    templates: endpoints.templates_enabled,
    config: endpoints.config_enabled,
    custom: true,
  };
  return (Object.keys(switches) as OperationGroup[]).filter((group) => switches[group]);
}

/** The listener's options, from `[worker.web]`. */
export function toListenerOptions(
  web: Settings["worker"]["web"],
  policy: AccessPolicy,
): ListenerOptions {
  const keys = web.auth.api_keys.map(({ name, key, rights }) => ({
    name,
    key: key.reveal(),
    rights,
  }));
  return {
    policy,
    requestTimeoutMs: web.request_timeout_ms,
    ...(web.auth.enabled ? { auth: { header: web.auth.api_key_header, keys } } : {}),
  };
}
