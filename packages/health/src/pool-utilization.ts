import type { AcquireStatistics, PoolStatistics } from "@tasker-observability/core";
import type { PoolUtilization } from "./schemas/worker-system-info.js";

const uncounted: AcquireStatistics = { total: 0, slow: 0, errors: 0, averageMs: 0, maxMs: 0 };

/** Writes a pool's numbers as Tasker's worker does, whose clients expect two pools. */
export function toPoolUtilization(pool: PoolStatistics): PoolUtilization {
  const { size, idle, max, acquires = uncounted } = pool;
  const active = Math.max(0, size - idle);
  const detail = Object.freeze({
    active_connections: active,
    idle_connections: idle,
    max_connections: max,
    utilization_percent: max === 0 ? 0 : (active / max) * 100,
    total_acquires: acquires.total,
    slow_acquires: acquires.slow,
    acquire_errors: acquires.errors,
    average_acquire_time_ms: acquires.averageMs,
    max_acquire_time_ms: acquires.maxMs,
  });
  return Object.freeze({ tasker_pool: detail, pgmq_pool: detail });
}
