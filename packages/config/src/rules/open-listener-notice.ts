import { isIPv4, isIPv6 } from "node:net";
import type { Settings } from "../schema/settings-schema.js";

/** Warns of a listener that other machines can reach without a key. */
export function openListenerNotices({ worker: { web } }: Settings): readonly string[] {
  if (!web.enabled || web.auth.enabled || isLoopback(web.bind_address.host)) return [];
  const what = web.endpoints.cache_operations_enabled ? "read and write" : "read";
  return [
    `worker.web.bind_address opens HTTP to other machines, and worker.web.auth is off: anyone who reaches the port can ${what} without a key. Set worker.web.auth.enabled = true with api_keys, or bind to 127.0.0.1`,
  ];
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith("127.");
  if (!isIPv6(host)) return host.toLowerCase() === "localhost";
  // In its one canonical form: `0:0:0:0:0:0:0:1` is `::1` too.
  const canonical = new URL(`http://[${host.replace(/%.*$/, "")}]`).hostname;
  return canonical === "[::1]" || /^\[::ffff:7f[0-9a-f]{2}:/.test(canonical);
}
