import { inProcess, invoke, sleep } from "@tasker-observability/core";
import type { Worker } from "../worker.js";

const everyMs = 100;

/** Resolves true when `/health/ready` would say 200, false when the worker stops before it does. */
export async function whenReady(
  worker: Pick<Worker, "operations" | "context" | "stopped">,
): Promise<boolean> {
  // A worker that has stopped holds the process no more: nothing may be waited for then, neither the clock nor an answer.
  return Promise.race([untilReady(worker), worker.stopped.then(() => false)]);
}

async function untilReady({
  operations,
  context,
}: Pick<Worker, "operations" | "context">): Promise<boolean> {
  const operation = operations.health_ready;
  if (operation === undefined) return false;
  while (context.lifecycle.current() === "running") {
    if (operation.verdict?.(await invoke(operation, {}, inProcess)) === "ok") return true;
    await sleep(everyMs, { clock: context.clock });
  }
  return false;
}
