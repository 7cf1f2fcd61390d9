import { isLoopbackHost } from "@tasker-observability/core/options";
import type { Settings } from "../schema/settings-schema.js";

/** Warns about a listener that other machines can reach without a key. */
export function openListenerNotices({ worker: { web } }: Settings): readonly string[] {
  if (!web.enabled || web.auth.enabled || isLoopbackHost(web.bind_address.host)) return [];
  const { cache_operations_enabled, work_writes_enabled } = web.endpoints;
  const what = cache_operations_enabled || work_writes_enabled ? "read and write" : "read";
  return [
    `worker.web.bind_address opens HTTP to other machines, and worker.web.auth is off: anyone who reaches the port can ${what} without a key. Set worker.web.auth.enabled = true with api_keys, or bind to 127.0.0.1`,
  ];
}
