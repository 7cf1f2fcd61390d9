import type { Operation } from "@tasker-observability/core";

/** What an access policy goes by. */
export type OperationTraits = Pick<Operation, "group" | "access" | "exposure">;

const probe = { access: "read", exposure: "probe" } as const;
const read = { access: "read", exposure: "detail" } as const;
const write = { access: "write", exposure: "detail" } as const;

/** Every operation that a worker can have; which of them it has depends on its services. */
export const operationTable = {
  health_basic: { group: "health", ...probe },
  health_live: { group: "health", ...probe },
  health_ready: { group: "health", ...probe },
  health_detailed: { group: "health", ...read },
  metrics_prometheus: { group: "metrics", ...probe },
  metrics_worker: { group: "metrics", ...read },
  metrics_events: { group: "metrics", ...read },
  templates_list: { group: "templates", ...read },
  template_get: { group: "templates", ...read },
  template_validate: { group: "templates", ...read },
  templates_cache_stats: { group: "templates", ...read },
  templates_cache_clear: { group: "templates", ...write },
  templates_cache_maintain: { group: "templates", ...write },
  template_refresh: { group: "templates", ...write },
  config_runtime: { group: "config", ...read },
  config_environment: { group: "config", ...read },
} as const satisfies Readonly<Record<string, OperationTraits>>;

export type OperationName = keyof typeof operationTable;

export const operationNames = Object.freeze(Object.keys(operationTable) as OperationName[]);
