import * as z from "zod";
import { dateTime, f64, json, option, text, texts, u32, u64 } from "./rust-types.js";
import type { Version } from "./recorded.js";
import { templateDetail } from "./template-types.js";

/**
 * What Tasker's compiled client accepts, call by call: it refuses a missing field, null for one that is not an
 * Option, a word that an enum lacks, a fraction or a negative number for an unsigned one. It ignores other fields.
 */
export interface ClientCall {
  readonly name: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly accepts: z.ZodType;
}

const basicHealth = z.object({ status: text, timestamp: dateTime, worker_id: text });
const healthCheck = z.object({
  status: text,
  message: option(text),
  duration_ms: u64,
  last_checked: dateTime,
});
const poolDetail = z.object({
  active_connections: u32,
  idle_connections: u32,
  max_connections: u32,
  utilization_percent: f64,
  total_acquires: u64,
  slow_acquires: u64,
  acquire_errors: u64,
  average_acquire_time_ms: f64,
  max_acquire_time_ms: f64,
});
const systemInfo = z.object({
  version: text,
  environment: text,
  uptime_seconds: u64,
  worker_type: text,
  database_pool_size: u32,
  command_processor_active: z.boolean(),
  supported_namespaces: texts,
  pool_utilization: option(z.object({ tasker_pool: poolDetail, pgmq_pool: poolDetail })),
});
const detailedHealth = (checks: z.ZodType) =>
  basicHealth.extend({ checks, system_info: systemInfo });
const checksOf = (...names: readonly string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, healthCheck])));
const readyNames = ["database", "command_processor", "queue_processing"];
const detailedNames = [...readyNames, "event_system", "step_processing", "circuit_breakers"];

const metrics = z.object({
  metrics: z.record(
    text,
    z.object({ value: f64, metric_type: text, labels: z.record(text, text), help: text }),
  ),
  timestamp: dateTime,
  worker_id: text,
});
const counts = (...names: readonly string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, u64])));
const eventStats = z.object({
  router: counts(
    "total_routed",
    "durable_routed",
    "fast_routed",
    "broadcast_routed",
    "fast_delivery_errors",
    "routing_errors",
  ),
  in_process_bus: counts(
    "total_events_dispatched",
    "rust_handler_dispatches",
    "ffi_channel_dispatches",
    "rust_handler_errors",
    "ffi_channel_drops",
    "rust_subscriber_patterns",
    "rust_handler_count",
    "ffi_subscriber_count",
  ),
  captured_at: dateTime,
  worker_id: text,
});

const cacheStats = z.object({
  total_cached: u64,
  cache_hits: u64,
  cache_misses: u64,
  cache_evictions: u64,
  oldest_entry_age_seconds: u64,
  average_access_count: f64,
  supported_namespaces: texts,
});
const templateList = z.object({
  supported_namespaces: texts,
  template_count: u64,
  cache_stats: option(cacheStats),
  worker_capabilities: texts,
});
const cacheOperation = z.object({ operation: text, success: z.boolean(), cache_stats: cacheStats });
const validation = z.object({
  valid: z.boolean(),
  errors: texts,
  required_capabilities: texts,
  step_handlers: texts,
});

const runtimeConfig = z.object({
  environment: text,
  common: json,
  worker: json,
  metadata: z.object({ timestamp: dateTime, source: text, redacted_fields: texts }),
});

const get = (name: string, path: string, accepts: z.ZodType): ClientCall => ({
  name,
  method: "GET",
  path,
  accepts,
});

function callsOf(templates: string, ready: z.ZodType, detailed: z.ZodType): readonly ClientCall[] {
  const one = `${templates}/orders/process_order/1.0.0`;
  return [
    get("health_check", "/health", basicHealth),
    get("liveness_probe", "/health/live", basicHealth),
    get("readiness_probe", "/health/ready", detailedHealth(ready)),
    get("get_detailed_health", "/health/detailed", detailedHealth(detailed)),
    get("get_prometheus_metrics", "/metrics", text),
    get("get_worker_metrics", "/metrics/worker", metrics),
    get("get_domain_event_stats", "/metrics/events", eventStats),
    get("list_templates", templates, templateList),
    get("list_templates", `${templates}?namespace=orders&include_cache_stats=true`, templateList),
    get("get_template", one, templateDetail),
    { name: "validate_template", method: "POST", path: `${one}/validate`, accepts: validation },
  ];
}

const anyChecks = z.record(text, healthCheck);

/** Every call that Tasker's client of that version has; `current` without `get_config`, which docs/differences.md names. */
export const clientCalls: Readonly<Record<Version, readonly ClientCall[]>> = {
  tas77: [
    ...callsOf("/templates", anyChecks, anyChecks),
    {
      name: "refresh_template",
      method: "POST",
      path: "/templates/orders/process_order/1.0.0/refresh",
      accepts: cacheOperation,
    },
    get("get_cache_stats", "/templates/cache/stats", cacheStats),
    {
      name: "maintain_template_cache",
      method: "POST",
      path: "/templates/cache/maintain",
      accepts: cacheOperation,
    },
    {
      name: "clear_template_cache",
      method: "DELETE",
      path: "/templates/cache",
      accepts: cacheOperation,
    },
    get("get_config", "/config", runtimeConfig),
  ],
  current: callsOf("/v1/templates", checksOf(...readyNames), checksOf(...detailedNames)),
};
