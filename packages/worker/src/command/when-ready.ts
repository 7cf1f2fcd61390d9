import { inProcess, invoke } from "@tasker-observability/core";
import type { Worker } from "../worker.js";

const everyMs = 100;

/** Resolves true when `/health/ready` would say 200, false when the worker stops before it does. */
export async function whenReady({ operations, context }: Worker): Promise<boolean> {
  const operation = operations.health_ready;
  if (operation === undefined) return false;
  while (context.lifecycle.current() === "running") {
    if (operation.verdict?.(await invoke(operation, {}, inProcess)) === "ok") return true;
    await new Promise<void>((resolve) => void context.clock.after(everyMs, resolve));
  }
  return false;
}
