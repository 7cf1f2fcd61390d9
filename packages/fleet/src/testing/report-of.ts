import type { FleetReport } from "../index.js";

/** What a worker of this name reports. */
export function reportOf(name: string, parts: Partial<FleetReport> = {}): FleetReport {
  return {
    instance_id: `instance of ${name}`,
    worker_id: name,
    worker_type: "general",
    version: "2.4.1",
    observability_version: "0.1.0",
    host: "node-1",
    pid: 17,
    namespaces: ["orders"],
    state: "running",
    status: "degraded",
    checks: { queues: { status: "degraded", message: "the oldest is 301 s old" } },
    slots: { total: 10, busy: 3, overdue: 0 },
    steps_per_second: 1.5,
    failed_per_second: 0.25,
    event_loop_lag_ms: 2,
    rss_bytes: 70_000_000,
    url: "http://127.0.0.1:8081",
    uptime_ms: 5_000,
    ...parts,
  };
}
