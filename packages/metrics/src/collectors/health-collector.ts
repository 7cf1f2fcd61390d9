import type { HealthSource } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

const healthStatus: Family = {
  name: "tasker_worker_health_status",
  type: "gauge",
  help: "Result of the health check: 1 healthy, 0.5 degraded, 0 unhealthy.",
  labels: ["check"],
  merge: "min",
};

const numbers: ReadonlyMap<string, number> = new Map([
  ["healthy", 1],
  ["degraded", 0.5],
  ["unhealthy", 0],
]);

/** The status of the health checks, through their runner and its cache. */
export function createHealthCollector({ health }: { readonly health: HealthSource }): Collector {
  return {
    name: "health",
    families: [healthStatus],
    async collect(readings, signal) {
      for (const [check, status] of Object.entries(await health.statuses(signal))) {
        const number = numbers.get(status);
        if (number === undefined)
          throw new TypeError("A health check's status must be healthy, degraded or unhealthy.");
        readings.record(healthStatus, [check], number);
      }
    },
  };
}
