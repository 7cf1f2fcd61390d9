import { createSharedRun, type Clock, type Fleet } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

// All processes see the same fleet, so that their numbers are not added up.
const workers: Family = {
  name: "tasker_worker_fleet_workers",
  type: "gauge",
  help: "Workers that share the database, by state; lost ones have not reported themselves for half a minute.",
  labels: ["state"],
  aggregator: "max",
};

/** Milliseconds: every worker of the fleet is scraped, and each would count them all. */
const ttlMs = 30_000;
const timeoutMs = 5_000;

/** How many workers are in each state. */
export function createFleetCollector({
  fleet,
  clock,
}: {
  readonly fleet: Fleet;
  readonly clock: Clock;
}): Collector {
  const counts = createSharedRun(
    async ({ signal }) => (await fleet.list({ limit: 1, offset: 0 }, signal)).counts,
    { clock, ttlMs, timeoutMs },
  );
  return {
    name: "fleet",
    families: [workers],
    async collect(readings) {
      const { run } = await counts.get();
      if (run.state === "failed") throw run.error;
      if (run.state === "done")
        for (const [state, count] of Object.entries(run.value))
          readings.record(workers, [state], count);
      else readings.incomplete();
    },
  };
}
