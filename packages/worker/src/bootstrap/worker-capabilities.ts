import type { WorkerSettings } from "../options/worker-options.js";

/** The capabilities of every worker. */
const commonCapabilities = [
  "command_processing",
  "database_access",
  "message_queues",
  "domain_events",
];

/** A worker's capabilities by Tasker's names: its own, then those that its application adds, each once. */
export function capabilitiesOf({
  capabilities,
  socketPath,
}: Pick<WorkerSettings, "capabilities" | "socketPath">): readonly string[] {
  const bridge = socketPath === undefined ? [] : ["ffi_integration"];
  return [...new Set([...commonCapabilities, ...bridge, ...capabilities])];
}
