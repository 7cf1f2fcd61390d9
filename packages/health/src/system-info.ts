import { type PoolStatistics, portAnswers, type WorkerContext } from "@tasker-observability/core";
import type { Instant } from "./check-runner.js";
import { toPoolUtilization } from "./pool-utilization.js";
import type { WorkerSystemInfo } from "./schemas/worker-system-info.js";
import { packageVersion } from "./version.js";

/** Reads the worker's few numbers; the same frozen object while none of them changed. */
export function createSystemInfo(context: WorkerContext): (now: Instant) => WorkerSystemInfo {
  const namespaces: string[] = [...context.identity.namespaces];
  Object.freeze(namespaces);
  let last: WorkerSystemInfo | null = null;
  let lastPool: PoolStatistics | null = null;
  return ({ monotonicMs }) => {
    const uptimeSeconds = Math.floor((monotonicMs - context.startedAtMs) / 1_000);
    const active = isProcessorActive(context);
    const pool = readPool(context, lastPool);
    if (
      last?.uptime_seconds === uptimeSeconds &&
      last.command_processor_active === active &&
      isSamePool(lastPool, pool)
    )
      return last;
    lastPool = pool;
    last = {
      version: context.identity.version,
      observability_version: packageVersion,
      environment: context.identity.environment,
      uptime_seconds: uptimeSeconds,
      worker_type: context.identity.workerType,
      database_pool_size: pool?.size ?? null,
      command_processor_active: active,
      supported_namespaces: namespaces,
      pool_utilization: pool === null ? null : toPoolUtilization(pool),
    };
    return Object.freeze(last);
  };
}

// The port's own check reports its errors; here its numbers are null.
function readPool({ ports }: WorkerContext, known: PoolStatistics | null): PoolStatistics | null {
  try {
    const pool = ports.database?.pool() ?? null;
    // Validated already.
    return isSamePool(pool, known) ? known : portAnswers.pool({ pool: () => pool });
  } catch {
    return null;
  }
}

function isProcessorActive({ ports }: WorkerContext): boolean | null {
  try {
    return ports.commandProcessor === undefined
      ? null
      : ports.commandProcessor.state() === "running";
  } catch {
    return null;
  }
}

/** Whether two answers of a pool say the same. */
function isSamePool(one: PoolStatistics | null, other: PoolStatistics | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.size === other.size &&
    one.idle === other.idle &&
    one.max === other.max &&
    one.acquires?.total === other.acquires?.total &&
    one.acquires?.errors === other.acquires?.errors
  );
}
