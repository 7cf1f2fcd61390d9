import { portAnswers, type WorkerContext } from "@tasker-observability/core";
import type { Instant } from "./check-runner.js";
import type { PoolUtilization, WorkerSystemInfo } from "./schemas/worker-system-info.js";

/** Reads the worker's few numbers; the same frozen object while none of them changed. */
export function createSystemInfo(context: WorkerContext): (now: Instant) => WorkerSystemInfo {
  const namespaces: string[] = [...context.identity.namespaces];
  Object.freeze(namespaces);
  let last: WorkerSystemInfo | null = null;
  return ({ monotonicMs }) => {
    const uptimeSeconds = Math.floor((monotonicMs - context.startedAtMs) / 1_000);
    const active = isProcessorActive(context);
    const pool = poolUtilization(context, last?.pool_utilization ?? null);
    if (
      last?.uptime_seconds === uptimeSeconds &&
      last.command_processor_active === active &&
      isSamePool(last.pool_utilization, pool)
    )
      return last;
    last = {
      version: context.identity.version,
      environment: context.identity.environment,
      uptime_seconds: uptimeSeconds,
      worker_type: context.identity.workerType,
      database_pool_size: pool?.size ?? null,
      command_processor_active: active,
      supported_namespaces: namespaces,
      pool_utilization:
        pool === null
          ? null
          : Object.freeze({
              size: pool.size,
              idle: pool.idle,
              waiting: pool.waiting,
              max: pool.max,
            }),
    };
    return Object.freeze(last);
  };
}

// The port's own check reports its errors; here its numbers are null.
function poolUtilization(
  { ports }: WorkerContext,
  known: PoolUtilization | null,
): PoolUtilization | null {
  try {
    const pool = ports.database?.pool() ?? null;
    // Validated already.
    return isSamePool(pool, known) ? pool : portAnswers.pool({ pool: () => pool });
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

function isSamePool(one: PoolUtilization | null, other: PoolUtilization | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.size === other.size &&
    one.idle === other.idle &&
    one.waiting === other.waiting &&
    one.max === other.max
  );
}
