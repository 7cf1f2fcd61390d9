import { createWorkerContext, systemClock } from "@tasker-observability/core";
import { onTestFinished } from "vitest";
import { type OpenPool, openPool } from "../database/open-pool.js";
import type { DatabaseHandle } from "../database/database-handle.js";
import { type PreparedQueues, prepareQueues } from "../preparation/prepare-queues.js";
import type { NeededQueues } from "../preparation/needed-queues.js";
import { resolveWorkerOptions } from "../options/worker-options.js";

/** The queues of the namespace `payments`. */
export const queues: NeededQueues = {
  stepQueues: ["payments_queue"],
  sendOnlyQueues: ["payments_dead_letter"],
  notifications: "auto",
};
/** A signal that never aborts. */
export const never: AbortSignal = new AbortController().signal;

/** Opens a pool with default options until the test ends. */
export function openTestPool(url: string): OpenPool {
  const opened = openPool(url, resolveWorkerOptions({}), createWorkerContext());
  onTestFinished(() => opened.close());
  return opened;
}

/** Prepares the queues of `payments`, unless others are given. */
export function prepare(
  opened: DatabaseHandle,
  wanted: NeededQueues = queues,
  signal: AbortSignal = never,
): Promise<PreparedQueues> {
  return prepareQueues({
    databaseHandle: opened,
    queues: wanted,
    databaseSetting: "the setting of the URL",
    clock: systemClock,
    logger: () => undefined,
    signal,
  });
}
