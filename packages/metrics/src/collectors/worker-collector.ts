import type { WorkerContext } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

const info: Family = {
  name: "tasker_worker_info",
  type: "gauge",
  help: "Always 1; the labels identify the worker.",
  labels: ["version", "worker_id", "worker_type"],
  merge: "max",
};
const uptime: Family = {
  name: "tasker_worker_uptime_seconds",
  type: "gauge",
  help: "Whole seconds since the worker started.",
  labels: [],
  merge: "max",
};

/** The worker's identity and uptime. */
export function createWorkerCollector({
  context,
}: {
  readonly context: Pick<WorkerContext, "identity" | "uptimeSeconds">;
}): Collector {
  const { version, workerId, workerType } = context.identity;
  return {
    name: "worker",
    families: [info, uptime],
    async collect(readings) {
      readings.record(info, [version, workerId, workerType], 1);
      readings.record(uptime, [], context.uptimeSeconds());
    },
  };
}
