import { sleep } from "@tasker-observability/core";
import { isReady } from "../transports/is-ready.js";
import type { Worker } from "../worker.js";

const pollIntervalMs = 100;

/** Resolves to true when `/health/ready` would return 200, to false if the worker stops first. */
export async function whenReady(
  worker: Pick<Worker, "operations" | "context" | "stopped">,
): Promise<boolean> {
  // A stopped worker no longer keeps the process alive: neither the clock nor an answer may be awaited then.
  return Promise.race([pollUntilReady(worker), worker.stopped.then(() => false)]);
}

async function pollUntilReady({
  operations,
  context,
}: Pick<Worker, "operations" | "context">): Promise<boolean> {
  if (operations.health_ready === undefined) return false;
  while (context.lifecycle.current() === "running") {
    if (await isReady(operations)) return true;
    await sleep(pollIntervalMs, { clock: context.clock });
  }
  return false;
}
