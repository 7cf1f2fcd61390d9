import { inProcess, invoke, type Operations } from "@tasker-observability/core";

/** Whether `/health/ready` would return 200. Never rejects: if the check cannot be run, the worker counts as not ready. */
export async function isReady({ health_ready }: Operations): Promise<boolean> {
  try {
    if (health_ready === undefined) return false;
    return health_ready.verdict?.(await invoke(health_ready, {}, inProcess)) === "ok";
  } catch {
    return false;
  }
}
