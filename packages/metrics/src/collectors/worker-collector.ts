import type { WorkerContext } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";
import { packageVersion } from "../version.js";

const info: Family = {
  name: "tasker_worker_info",
  type: "gauge",
  help: "Always 1; the labels identify the worker, and the version is its application's.",
  labels: ["version", "worker_id", "worker_type"],
  merge: "max",
};
const buildInfo: Family = {
  name: "tasker_worker_build_info",
  type: "gauge",
  help: "Always 1; the labels are the versions of this software and of Node.",
  labels: ["observability_version", "node_version"],
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
    families: [info, buildInfo, uptime],
    async collect(readings) {
      readings.record(info, [version, workerId, workerType], 1);
      readings.record(buildInfo, [packageVersion, process.versions.node], 1);
      readings.record(uptime, [], context.uptimeSeconds());
    },
  };
}
