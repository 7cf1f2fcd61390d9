import type { WorkerSettings } from "../options/worker-options.js";

/** What every worker can do. */
const everyWorkers = ["command_processing", "database_access", "message_queues", "domain_events"];

/** What a worker can do, by Tasker's names: what it has itself, then what its application adds, each once. */
export function capabilitiesOf({
  capabilities,
  socketPath,
}: Pick<WorkerSettings, "capabilities" | "socketPath">): readonly string[] {
  const bridge = socketPath === undefined ? [] : ["ffi_integration"];
  return [...new Set([...everyWorkers, ...bridge, ...capabilities])];
}
